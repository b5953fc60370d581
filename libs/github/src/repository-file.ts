import { assertCommitSha } from './commit-sha.js';
import { GitOutputTooLarge } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';
import { normalizeRepositoryPath } from './repository-path.js';

const HEADER_LIMIT = 8 * 1024;

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
  const output = await mirror.git(['cat-file', '--batch', '--follow-symlinks'], {
    input: `${sha}:${normalizeRepositoryPath(path)}\n`,
    limitBytes: limitBytes + HEADER_LIMIT,
  });
  const lineEnd = output.indexOf('\n');
  const size = /^[0-9a-f]+ blob (\d+)$/.exec(output.subarray(0, lineEnd).toString())?.[1];
  if (size === undefined) return null;
  if (Number(size) > limitBytes) throw new GitOutputTooLarge(limitBytes);
  return output.subarray(lineEnd + 1, lineEnd + 1 + Number(size));
}
