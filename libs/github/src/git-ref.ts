import { isBranchName } from '@nexos/domain';
import { MalformedPayloadError } from './malformed-payload.error.js';

/** The type of a ref, in GitHub's words for `create` and `delete` events. */
export type RefType = 'branch' | 'tag';

const PREFIXES = { 'refs/heads/': 'branch', 'refs/tags/': 'tag' } as const;

/** Splits a full ref such as `refs/heads/main` into type and name. */
export function parseFullRef(ref: string, field: string): { refType: RefType; name: string } {
  for (const [prefix, refType] of Object.entries(PREFIXES)) {
    if (ref.startsWith(prefix)) return { refType, name: checkedName(ref.slice(prefix.length), field) };
  }
  throw new MalformedPayloadError(field, 'must be a branch or a tag');
}

/** @throws {MalformedPayloadError} when git would reject the name */
export function checkedName(name: string, field: string): string {
  if (!isBranchName(name)) {
    throw new MalformedPayloadError(field, 'must be a valid git ref name of at most 255 bytes');
  }
  return name;
}
