import { assertCommitSha } from './commit-sha.js';
import { parseTreeLine, type TreeEntry } from './context-tree.js';
import type { MirrorFolder } from './mirror-folder.js';
import { normalizeRepositoryPath } from './repository-path.js';

/**
 * What a commit has at a path, with no symbolic link followed; null when there is nothing.
 *
 * @throws {PathOutsideRepositoryError} when the path is absolute or climbs out
 */
export async function findRepositoryEntry(
  mirror: MirrorFolder,
  sha: string,
  path: string,
): Promise<TreeEntry | null> {
  assertCommitSha(sha);
  const wanted = normalizeRepositoryPath(path);
  if (wanted === '') return { path: '', kind: 'folder', size: 0 };
  // Else a colon at the beginning would be an order to git.
  const options = ['--literal-pathspecs', 'ls-tree', '-z', '-l', '--full-tree', sha, '--', wanted];
  const [line = ''] = (await mirror.git(options)).toString().split('\0');
  return line === '' ? null : parseTreeLine(line);
}
