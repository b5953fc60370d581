import { GitExit, GitOutputTooLarge } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';

/** Enough for half a million files. */
const LISTING_LIMIT = 64 * 1024 * 1024;
const LINE = /^(\d{6}) \w+ [0-9a-f]+ +(\d+|-)\t([^]+)$/;

export interface TreeEntry {
  /** Relative to the tree, without a trailing slash. */
  readonly path: string;
  /** A submodule counts as an empty folder. */
  readonly kind: 'file' | 'link' | 'folder';
  /** Bytes; 0 for a folder. */
  readonly size: number;
}

/** Lists everything in a tree such as `<sha>:<folder>`, including folders; null when it is not a folder. */
export async function listTree(
  mirror: MirrorFolder,
  tree: string,
  signal?: AbortSignal,
): Promise<TreeEntry[] | 'too large' | null> {
  try {
    const listed = await mirror.git(['ls-tree', '-r', '-t', '-z', '-l', '--full-tree', tree], {
      limitBytes: LISTING_LIMIT,
      signal,
    });
    return listed.toString().split('\0').slice(0, -1).map(parseTreeLine);
  } catch (error) {
    if (error instanceof GitOutputTooLarge) return 'too large';
    if (error instanceof GitExit) return null;
    throw error;
  }
}

/** Parses one line of `git ls-tree -z -l`. */
export function parseTreeLine(line: string): TreeEntry {
  const [, mode = '', size = '', path = ''] = LINE.exec(line) ?? [];
  // Git refuses to check out such a tree; a tar must not escape its folder either.
  if (path === '' || path.split('/').some((part) => part === '' || part === '..' || part === '.')) {
    throw new Error('git ls-tree printed an unexpected line');
  }
  return { path, kind: kindOf(mode), size: size === '-' ? 0 : Number(size) };
}

function kindOf(mode: string): TreeEntry['kind'] {
  if (mode === '120000') return 'link';
  return mode.startsWith('100') ? 'file' : 'folder';
}
