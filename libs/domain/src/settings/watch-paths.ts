import { matchesBranchGlob } from '../branches/branch-glob.js';

/** The form of a path glob: a relative path, perhaps after `!`, without `..`, backslashes, control characters and lone surrogates. */
export const PATH_GLOB = /^!?(?![/!])(?!(?:[\s\S]*\/)?\.\.(?:\/|$))[^\\\p{Cc}\p{Cs}]+$/u;
/** The rule for path globs, as the end of a sentence. */
export const PATH_GLOB_RULE =
  'must be a path inside the repository, relative to its root, with *, ** and ? as wildcards, and ! before it to exclude it';
/** The most characters of a path glob. */
export const MAX_PATH_GLOB = 255;

/** Any number of folders, also none. */
const FOLDERS = '**';

/**
 * Returns whether a change of a path counts: some glob matches it, or none without `!` exists, and none with `!` matches it.
 *
 * @param path relative to the root of the repository
 */
export function isWatched(globs: readonly string[], path: string): boolean {
  const excluded = globs.filter((glob) => glob.startsWith('!'));
  const included = globs.filter((glob) => !glob.startsWith('!'));
  if (excluded.some((glob) => matchesPathGlob(glob.slice(1), path))) return false;
  return included.length === 0 || included.some((glob) => matchesPathGlob(glob, path));
}

/**
 * Returns whether a glob matches a path or a folder that contains it. `*` and `?` match within a name, as in branch globs;
 * the name `**` stands for any number of folders. Takes time proportional to the product of both lengths.
 */
export function matchesPathGlob(glob: string, path: string): boolean {
  const steps = glob.split('/').filter((name) => name !== '' && name !== '.');
  const end = steps.length;
  let reached = withFolders(new Set([0]), steps);
  for (const name of path.split('/')) {
    if (reached.has(end)) return true;
    const next = new Set<number>();
    for (const at of reached) {
      const step = steps[at] ?? '';
      if (step === FOLDERS) next.add(at);
      else if (matchesBranchGlob(step, name)) next.add(at + 1);
    }
    reached = withFolders(next, steps);
  }
  return reached.has(end);
}

/** Adds the steps after each `**`, which may stand for no folder. */
function withFolders(reached: Set<number>, steps: readonly string[]): Set<number> {
  for (const at of reached) if (steps[at] === FOLDERS) reached.add(at + 1);
  return reached;
}
