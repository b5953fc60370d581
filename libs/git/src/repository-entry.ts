import { assertCommitSha } from '@nexos/domain';
import { parseTreeLine, type TreeEntry } from './context-tree.js';
import type { MirrorFolder } from './mirror-folder.js';
import { normalizeRepositoryPath } from './repository-path.js';

/**
 * What a commit has at each of these paths, with no symbolic link followed; null where there is nothing.
 *
 * @throws {PathOutsideRepositoryError} when a path is absolute or climbs out
 */
export async function findRepositoryEntries(
  mirror: MirrorFolder,
  sha: string,
  paths: readonly string[],
): Promise<(TreeEntry | null)[]> {
  assertCommitSha(sha);
  const wanted = paths.map((path) => normalizeRepositoryPath(path));
  // Else a colon at the beginning would be an order to git, and a folder left out above a path that is wanted too.
  const options = ['--literal-pathspecs', 'ls-tree', '-t', '-z', '-l', '--full-tree', sha, '--'];
  const below = wanted.filter((path) => path !== '');
  // Without a path git would list all there is.
  const lines = below.length === 0 ? [] : (await mirror.git([...options, ...below])).toString().split('\0');
  const found = lines.filter((line) => line !== '').map((line) => parseTreeLine(line));
  return wanted.map((path) =>
    path === '' ? { path, kind: 'folder', size: 0 } : (found.find((entry) => entry.path === path) ?? null),
  );
}
