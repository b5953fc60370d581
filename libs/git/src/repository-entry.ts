import { assertCommitSha } from '@nexos/domain';
import { parseTreeLine, type TreeEntry } from './context-tree.js';
import type { MirrorFolder } from './mirror-folder.js';
import { normalizeRepositoryPath } from './repository-path.js';

/**
 * Returns the entry of a commit at each path, without following symbolic links; null where nothing exists.
 *
 * @throws {PathOutsideRepositoryError} when a path is absolute or leaves the repository
 */
export async function findRepositoryEntries(
  mirror: MirrorFolder,
  sha: string,
  paths: readonly string[],
): Promise<(TreeEntry | null)[]> {
  assertCommitSha(sha);
  const wanted = paths.map((path) => normalizeRepositoryPath(path));
  // Otherwise a leading colon would be pathspec magic, and git would omit a wanted folder above another wanted path.
  const options = ['--literal-pathspecs', 'ls-tree', '-t', '-z', '-l', '--full-tree', sha, '--'];
  const below = wanted.filter((path) => path !== '');
  // Without a path git would list the whole tree.
  const lines = below.length === 0 ? [] : (await mirror.git([...options, ...below])).toString().split('\0');
  const found = lines.filter((line) => line !== '').map((line) => parseTreeLine(line));
  return wanted.map((path) =>
    path === ''
      ? { path, kind: 'folder', size: 0, isUtf8: true }
      : (found.find((entry) => entry.path === path) ?? null),
  );
}
