import picomatch from 'picomatch';

const MAX_LENGTH = 255;
/**
 * What a name may be matched with in more than one way: beyond three of them, a name that nearly fits could keep the
 * regular expression busy for seconds.
 */
const MAX_WILDCARDS = 3;
const WILDCARD = /\*+|\{/g;
/** What picomatch gives a meaning to beside `*`, `?`, `[…]` and `{…}`, though it may stand in a branch's name. */
const PLAIN = /[\\()|+@"'$^]/g;
const OPTIONS = { dot: true, noextglob: true, nonegate: true, strictSlashes: true } as const;

/**
 * Why a text cannot be a glob of branches; null when it can. `*` and `?` stay within a part between slashes, `**`
 * crosses them; `[a-z]` and `{a,b}` are known; everything else stands for itself.
 */
export function branchGlobProblem(glob: string): string | null {
  if (glob === '' || glob.length > MAX_LENGTH || /[\p{Cc}\p{Cs}]/u.test(glob)) {
    return `must have 1 to ${MAX_LENGTH} characters, no control characters`;
  }
  if ((glob.match(WILDCARD)?.length ?? 0) > MAX_WILDCARDS) {
    return `must have at most ${MAX_WILDCARDS} of * and {`;
  }
  return isReadable(glob) ? null : 'must be a branch, or a glob such as feature/*';
}

/** Whether the glob, or the very name, fits a branch. The branch is plain text, whatever is in it. */
export function matchesBranch(glob: string, branch: string): boolean {
  return glob === branch || (branchGlobProblem(glob) === null && picomatch(escaped(glob), OPTIONS)(branch));
}

/** Where picomatch makes no regular expression of it, it would silently never match. */
function isReadable(glob: string): boolean {
  try {
    picomatch.makeRe(escaped(glob), { ...OPTIONS, debug: true });
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function escaped(glob: string): string {
  return glob.replace(PLAIN, '\\$&');
}
