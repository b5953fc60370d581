import { DELIVERY_ID_PATTERN, ID_PREFIXES, type IdKind, idPattern, isId } from '@nexos/domain';
import type { Schema } from './schema.js';

/** The kinds of ids in paths: ours, or the Git host's id of a delivery. */
export type PathIdKind = IdKind | 'delivery';

/** Kinds of ids by the path segment before them. */
const KINDS: Readonly<Partial<Record<string, PathIdKind>>> = {
  accounts: 'account',
  projects: 'project',
  environments: 'environment',
  deployments: 'deployment',
  deliveries: 'delivery',
  executions: 'execution',
  'env-vars': 'envVar',
  registries: 'registry',
  'api-keys': 'apiKey',
  nodes: 'node',
  webhooks: 'webhook',
  github: 'project',
};
const DELIVERY_ID = new RegExp(DELIVERY_ID_PATTERN);

/** Returns the kind of the id at a place in a path; undefined if the segment before it is unknown. */
export function kindAt(segments: readonly string[], index: number): PathIdKind | undefined {
  const segment = segments[index - 1] ?? '';
  // What a webhook of an account delivers is ours; what a Git host delivers is not.
  if (segment === 'deliveries' && segments[index - 3] === 'webhooks') return 'message';
  return Object.hasOwn(KINDS, segment) ? KINDS[segment] : undefined;
}

/** Returns the schema of an id. */
export function idSchema(kind: PathIdKind): Schema {
  if (kind === 'delivery') {
    return {
      type: 'string',
      pattern: DELIVERY_ID_PATTERN,
      example: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    };
  }
  return {
    type: 'string',
    pattern: idPattern(kind),
    example: `${ID_PREFIXES[kind]}_01kb2c7x9q4m8r5t6v3w0y1z2a`,
  };
}

/** Returns why a text is not an id of that kind, as the end of a sentence; null if it is one. */
export function idRefusal(kind: PathIdKind, text: string): string | null {
  if (kind === 'delivery') return DELIVERY_ID.test(text) ? null : 'must be the id of a delivery';
  return isId(kind, text)
    ? null
    : `must be an id that begins with ${ID_PREFIXES[kind]}_, exactly as the API returned it`;
}

/**
 * Returns the parameters of a path such as `/projects/{id}`, with the kinds of their ids.
 *
 * @throws {Error} for an id after an unknown segment
 */
export function pathParameters(path: string): { name: string; kind: PathIdKind }[] {
  const segments = path.split('/');
  return segments.flatMap((segment, index) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) return [];
    const kind = kindAt(segments, index);
    if (kind === undefined) throw new Error(`${path}: path-ids.ts does not say what ${segment} identifies`);
    return [{ name, kind }];
  });
}
