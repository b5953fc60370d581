import { isUtf8 } from 'node:buffer';
import { assertCommitSha } from '@nexos/domain';
import { GitExit, GitOutputTooLarge } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';

/** Enough for thousands of files; a larger change counts as unknown. */
const OUTPUT_LIMIT = 1024 * 1024;
const ENTRY = /^:(\d{6}) (\d{6}) [0-9a-f]+ [0-9a-f]+ [A-Z]$/;
const SUBMODULE = '160000';

/**
 * Returns the paths that differ between two commits, with both paths of a renamed file. Null when that is unknown: the
 * mirror lacks a commit, too much differs, a submodule does, or a path is not UTF-8.
 *
 * @throws the signal's reason
 * @see https://git-scm.com/docs/git-diff-tree
 */
export async function findChangedPaths(
  mirror: MirrorFolder,
  { from, to, signal }: { readonly from: string; readonly to: string; readonly signal?: AbortSignal },
): Promise<string[] | null> {
  assertCommitSha(from);
  assertCommitSha(to);
  const options = ['-r', '--raw', '-z', '--no-renames', '--no-ext-diff', '--ignore-submodules=none'];
  try {
    const listed = await mirror.git(['diff-tree', ...options, from, to, '--'], {
      limitBytes: OUTPUT_LIMIT,
      signal,
    });
    return isUtf8(listed) ? pathsIn(listed.toString()) : null;
  } catch (error) {
    if (error instanceof GitExit || error instanceof GitOutputTooLarge) return null;
    throw error;
  }
}

/** Parses pairs of an entry and its path; null if one is a submodule. */
function pathsIn(listed: string): string[] | null {
  const parts = listed.split('\0').slice(0, -1);
  const paths: string[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const [, before, after] = ENTRY.exec(parts[at] ?? '') ?? [];
    const path = parts[at + 1] ?? '';
    if (before === undefined || path === '') throw new Error('git diff-tree printed an unexpected line');
    if (before === SUBMODULE || after === SUBMODULE) return null;
    paths.push(path);
  }
  return paths;
}
