import { ID_PREFIXES, type IdKind, idPattern } from '@nexos/domain';
import type { Schema } from './schema.js';

/** What an id names, by the segment of the path that it follows. */
const KINDS: Readonly<Partial<Record<string, IdKind>>> = {
  projects: 'project',
  environments: 'environment',
  deployments: 'deployment',
  executions: 'execution',
  'env-vars': 'envVar',
  'api-keys': 'apiKey',
  nodes: 'node',
};

/** What an id names that follows that segment of a path; undefined where nobody has said it. */
export function kindAfter(segment: string): IdKind | undefined {
  return Object.hasOwn(KINDS, segment) ? KINDS[segment] : undefined;
}

/** An id as it is on the wire. */
export function idSchema(kind: IdKind): Schema {
  return {
    type: 'string',
    pattern: idPattern(kind),
    example: `${ID_PREFIXES[kind]}_01kb2c7x9q4m8r5t6v3w0y1z2a`,
  };
}

/**
 * The parameters of a path, `/projects/{id}`, with what their ids name.
 *
 * @throws {Error} for an id that follows a segment which nobody has said the meaning of
 */
export function pathParameters(path: string): { name: string; kind: IdKind }[] {
  const segments = path.split('/');
  return segments.flatMap((segment, index) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) return [];
    const kind = kindAfter(segments[index - 1] ?? '');
    if (kind === undefined) throw new Error(`${path}: say in path-ids.ts what ${segment} names`);
    return [{ name, kind }];
  });
}
