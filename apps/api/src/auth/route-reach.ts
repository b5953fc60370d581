import { PROJECT_RESOURCES, type ProjectResource } from '@nexos/state';
import { kindAt } from '../http/openapi/path-ids.js';

/** The first id in a path, which says what a route is about. */
export interface FirstId {
  /** The name of the parameter. */
  readonly name: string;
  readonly kind: ProjectResource;
}

/**
 * Returns the id of the project, or of what belongs to one, that a route is about; null for a route that is about the
 * account or the installation.
 *
 * @param path with its parameters in braces or after a colon
 */
export function projectIdIn(path: string): FirstId | null {
  const segments = path.split('/');
  const index = segments.findIndex((segment) => /^(:|\{)/.test(segment));
  const kind = PROJECT_RESOURCES.find((one) => one === kindAt(segments, index));
  return kind === undefined ? null : { name: (segments[index] ?? '').replace(/[:{}]/g, ''), kind };
}
