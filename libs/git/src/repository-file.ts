import { assertCommitSha } from '@nexos/domain';
import { readObjects } from './git-objects.js';
import { GitOutputTooLarge } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';
import { normalizeRepositoryPath } from './repository-path.js';

/**
 * Reads a file of a commit and follows symbolic links inside the repository; null when it does not exist.
 *
 * @throws {PathOutsideRepositoryError} when the path is absolute or leaves the repository
 * @throws {GitOutputTooLarge} when the file is larger than `limitBytes`
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
