import { isBranchName } from '@nexos/domain';
import { MalformedPayloadError } from './malformed-payload.error.js';

/** What a ref names: GitHub's own word for it in `create` and `delete` events. */
export type RefType = 'branch' | 'tag';

const PREFIXES = { 'refs/heads/': 'branch', 'refs/tags/': 'tag' } as const;

/** Takes `refs/heads/main` apart. */
export function parseFullRef(ref: string, field: string): { refType: RefType; name: string } {
  for (const [prefix, refType] of Object.entries(PREFIXES)) {
    if (ref.startsWith(prefix)) return { refType, name: checkedName(ref.slice(prefix.length), field) };
  }
  throw new MalformedPayloadError(field, 'must be a branch or a tag');
}

/** @throws {MalformedPayloadError} when git would refuse the name */
export function checkedName(name: string, field: string): string {
  if (!isBranchName(name)) {
    throw new MalformedPayloadError(field, 'must be a name that git accepts, at most 255 bytes long');
  }
  return name;
}
