import { isBranchName } from '@nexos/domain';
import type { SubmoduleEntry } from './gitmodules.js';
import { resolveSubmodule } from './submodule-address.js';

const MAX_DEPTH = 5;

/** A commit whose submodules are wanted. */
export interface Superproject {
  readonly sha: string;
  /** `owner/name` */
  readonly repository: string;
  /** Path from the root, with a slash at the end; empty for the repository itself. */
  readonly prefix: string;
  /** The repositories around it and itself, in lower case. */
  readonly lineage: readonly string[];
}

export type LocatedSubmodule =
  { readonly repository: string; readonly branch: string | null } | { readonly problem: string };

/**
 * Returns the repository of a submodule, or why it is not fetched.
 *
 * @param host URL of the Git host
 * @param path in the superproject
 * @param entries of its `.gitmodules`; null when that cannot be read
 */
export function locateSubmodule(
  host: string,
  { repository, lineage }: Superproject,
  path: string,
  entries: ReadonlyMap<string, SubmoduleEntry> | null,
): LocatedSubmodule {
  if (!isAllowed(path)) return { problem: 'its path is not allowed' };
  if (lineage.length > MAX_DEPTH) return { problem: `it is nested deeper than ${MAX_DEPTH} levels` };
  if (entries === null) return { problem: '.gitmodules is malformed, too large or not a regular file' };
  const { urls, branch = null } = entries.get(path) ?? { urls: new Set<string>() };
  const [url] = urls;
  if (url === undefined) return { problem: '.gitmodules has no address for it' };
  if (urls.size > 1) return { problem: '.gitmodules has several addresses for it' };
  const address = resolveSubmodule(host, repository, url);
  if ('problem' in address) return address;
  if (lineage.includes(address.repository.toLowerCase()))
    return { problem: `it is a cycle: ${address.repository} contains it` };
  return { repository: address.repository, branch: branch !== null && isBranchName(branch) ? branch : null };
}

/** Git allows no such path either, but a commit can be made without git. */
function isAllowed(path: string): boolean {
  return path.split('/').every((part) => !['', '.', '..', '.git'].includes(part.toLowerCase()));
}
