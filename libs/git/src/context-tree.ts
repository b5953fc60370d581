import { isUtf8 } from 'node:buffer';
import { DeploymentFailure } from '@nexos/domain';
import { GitExit, GitOutputTooLarge } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';

/** Enough for half a million files. */
const LISTING_LIMIT = 64 * 1024 * 1024;
const LINE = /^(\d{6}) \w+ ([0-9a-f]+) +(\d+|-)\t([^]+)$/;

export interface TreeEntry {
  /** Relative to the tree, without a trailing slash. */
  readonly path: string;
  /** A submodule that could not be fetched counts as an empty folder. */
  readonly kind: 'file' | 'link' | 'folder';
  /** Bytes; 0 for a folder. */
  readonly size: number;
  /** Whether git has the path in UTF-8. In one that is not, other bytes are written as `\xE9`. */
  readonly isUtf8: boolean;
}

export interface ListedEntry extends TreeEntry {
  readonly objectId: string;
}

/** Lists everything in a tree such as `<sha>:<folder>`, including folders; null when it is not a folder. */
export async function listTree(
  mirror: MirrorFolder,
  tree: string,
  signal?: AbortSignal,
): Promise<ListedEntry[] | 'too large' | null> {
  try {
    const listed = await mirror.git(['ls-tree', '-r', '-t', '-z', '-l', '--full-tree', tree], {
      limitBytes: LISTING_LIMIT,
      signal,
    });
    return linesOf(listed);
  } catch (error) {
    if (error instanceof GitOutputTooLarge) return 'too large';
    if (error instanceof GitExit) return null;
    throw error;
  }
}

/** Parses the whole output; a line that is not UTF-8 by itself. */
function linesOf(listed: Buffer): ListedEntry[] {
  if (isUtf8(listed))
    return listed
      .toString()
      .split('\0')
      .slice(0, -1)
      .map((line) => parseTreeLine(line));
  const entries: ListedEntry[] = [];
  for (let start = 0, end; (end = listed.indexOf(0, start)) !== -1; start = end + 1) {
    const line = listed.subarray(start, end);
    entries.push(isUtf8(line) ? parseTreeLine(line.toString()) : parseTreeLine(escaped(line), false));
  }
  return entries;
}

/** Writes the bytes outside of ASCII as `\xE9`. */
function escaped(line: Buffer): string {
  return line
    .toString('latin1')
    .replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Parses one line of `git ls-tree -z -l`. */
export function parseTreeLine(line: string, isInUtf8 = true): ListedEntry {
  const [, mode = '', objectId = '', size = '', path = ''] = LINE.exec(line) ?? [];
  // Git refuses to check out such a tree; a tar must not escape its folder either.
  if (path === '' || path.split('/').some((part) => part === '' || part === '..' || part === '.')) {
    throw new Error('git ls-tree printed an unexpected line');
  }
  return { path, kind: kindOf(mode), objectId, size: size === '-' ? 0 : Number(size), isUtf8: isInUtf8 };
}

function kindOf(mode: string): TreeEntry['kind'] {
  if (mode === '120000') return 'link';
  return mode.startsWith('100') ? 'file' : 'folder';
}

/** @param what begins the sentence, such as `The name of the file "a"` */
export function nameNotUtf8(what: string): DeploymentFailure {
  const message = `${what.replace(/\p{Cc}/gu, '?')} is not UTF-8, which images cannot be built with. Rename it, or exclude it with a .dockerignore file.`;
  return new DeploymentFailure('file_name_invalid', message);
}
