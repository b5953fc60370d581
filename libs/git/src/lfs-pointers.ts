import type { ListedEntry } from './context-tree.js';
import { readObjects } from './git-objects.js';
import type { MirrorFolder } from './mirror-folder.js';

/** The most bytes of a pointer: three lines, of which the last has the size of the file. */
export const MAX_POINTER_BYTES = 200;
const SIZES = { least: 120, most: MAX_POINTER_BYTES };
const BEGINNING = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\r?\n/;
/** Files to look into, so that a commit of nothing but small files takes no longer. */
const MOST_FILES = 20_000;

/**
 * Returns the paths of the files that are pointers to files in Git LFS. One git process reads the files that have the size of one.
 *
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
export async function lfsPointers(
  mirror: MirrorFolder,
  entries: readonly ListedEntry[],
  signal?: AbortSignal,
): Promise<string[]> {
  const files = entries
    .filter(({ kind, size }) => kind === 'file' && size >= SIZES.least && size <= SIZES.most)
    .slice(0, MOST_FILES);
  const ids = [...new Set(files.map(({ objectId }) => objectId))];
  const wanted = ids.map((name) => ({ name, limitBytes: SIZES.most }));
  const objects = await readObjects(mirror, wanted, signal);
  const pointers = new Set(ids.filter((_, index) => isPointer(objects[index]?.content)));
  return files.filter(({ objectId }) => pointers.has(objectId)).map(({ path }) => path);
}

/** Returns whether this is the content of a pointer. Git LFS reads also one that was committed with CRLF. */
export function isPointer(content: Buffer | null | undefined): boolean {
  return content != null && BEGINNING.test(content.toString('latin1', 0, SIZES.least));
}
