import { assertCommitSha } from '@nexos/domain';
import { readObjects } from './git-objects.js';
import { GitOutputTooLarge } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';
import { normalizeRepositoryPath } from './repository-path.js';

/**
 * A file of a commit, with symbolic links inside the repository followed; null when there is none.
 *
 * @throws {PathOutsideRepositoryError} when the path is absolute or climbs out
 * @throws {GitOutputTooLarge} when the file has more than `limitBytes`
 */
export async function readRepositoryFile(
  mirror: MirrorFolder,
  sha: string,
  path: string,
  limitBytes: number,
): Promise<Buffer | null> {
  assertCommitSha(sha);
  const name = `${sha}:${normalizeRepositoryPath(path)}`;
  const [file] = await readObjects(mirror, [{ name, limitBytes }]);
  if (file?.type !== 'blob') return null;
  if (file.content === null) throw new GitOutputTooLarge(limitBytes);
  return file.content;
}
