import { printable } from './printable.js';

const MOST_NAMES = 10;

/** Returns a line of the log that names the pointers to files in Git LFS; null when there are none. */
export function lineOnPointers(paths: readonly string[]): string | null {
  if (paths.length === 0) return null;
  const names = paths.slice(0, MOST_NAMES).map((path) => printable(path));
  const more = paths.length - MOST_NAMES;
  const listed = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
  return `files in Git LFS are not fetched; the build gets their pointers: ${listed}`;
}
