import type { MirrorFolder } from '../mirror-folder.js';

/** A submodule in a tree: the commit that belongs at a path. */
export interface Gitlink {
  /** Each byte is one character. */
  readonly path: string;
  readonly sha: string;
}

/** Enough for half a million folders. */
const LISTING_LIMIT = 64 * 1024 * 1024;
const GITLINK = /^160000 commit ([0-9a-f]+)\t([^]+)$/;

/**
 * Lists the submodules of a commit, without those inside of them.
 *
 * @throws {GitOutputTooLarge} when the commit has too many folders
 */
export async function gitlinksOf(
  mirror: MirrorFolder,
  sha: string,
  signal?: AbortSignal,
): Promise<Gitlink[]> {
  // With `-d` git lists folders and submodules, and no files.
  const args = ['ls-tree', '-r', '-d', '-z', '--full-tree', sha];
  const listed = await mirror.git(args, { limitBytes: LISTING_LIMIT, signal });
  return listed
    .toString('latin1')
    .split('\0')
    .flatMap((line) => {
      const [, commit, path] = GITLINK.exec(line) ?? [];
      return commit === undefined || path === undefined ? [] : [{ path, sha: commit }];
    });
}
