import { type FetchedSource } from '@nexos/git';
import { printable } from './printable.js';

/** A commit can have any number of submodules that cannot be fetched. */
const MOST_LINES = 20;

/** Returns what the log says about the submodules that a source contains. */
export function withSubmodules({ submodules }: FetchedSource): string {
  if (submodules === 0) return '';
  return submodules === 1 ? ' with 1 submodule' : ` with ${submodules} submodules`;
}

/** Returns a line of the log for each submodule that is missing. */
export function linesOnMissing({ missing }: FetchedSource): string[] {
  const lines = missing
    .slice(0, MOST_LINES)
    .map(({ path, reason }) => `the submodule ${printable(path)} is an empty folder: ${printable(reason)}`);
  const more = missing.length - MOST_LINES;
  return more > 0 ? [...lines, `${more} more submodules are empty folders`] : lines;
}
