import { isBranchName } from './branch-name.js';

/** `?`, `*` and `**` among code points. The order counts: less than `ONE` is what stands for any number. */
const ONE = -1;
const MANY = -2;
const ANY = -3;
const SLASH = 0x2f;

/** What a glob of branches must be, as the end of a sentence. */
export const BRANCH_GLOB_RULE =
  "must be a branch's name, of at most 255 bytes, in which * ** and ? stand for other characters";

/** Whether a text is a glob that some branch can match. */
export function isBranchGlob(text: string): boolean {
  return isBranchName(text.replaceAll(/[*?]/g, 'x'));
}

/**
 * Whether a branch is among those that a glob names: `*` stands for any characters but `/`, `**` for any at all, `?`
 * for one that is not `/`; all else stands for itself. Takes time in proportion to the product of both lengths,
 * whatever they hold, as a regular expression made of a stranger's glob would not.
 */
export function matchesBranchGlob(glob: string, branch: string): boolean {
  const steps = stepsOf(glob);
  const end = steps.length;
  // At 1: the steps that the branch, as far as it was read, may have led to.
  let reached = new Uint8Array(end + 1);
  let next = new Uint8Array(end + 1);
  reached[0] = 1;
  for (const character of branch) {
    const read = character.codePointAt(0) ?? 0;
    next.fill(0);
    for (let at = 0; at < end; at++) {
      if (reached[at] === 0) continue;
      const step = steps[at] ?? 0;
      // What stands for any number of characters also stands for none.
      if (step < ONE) reached[at + 1] = 1;
      if (step === read || step === ANY || (step < 0 && read !== SLASH)) next[step < ONE ? at : at + 1] = 1;
    }
    [reached, next] = [next, reached];
  }
  for (let at = 0; at < end; at++) {
    if (reached[at] === 1 && (steps[at] ?? 0) < ONE) reached[at + 1] = 1;
  }
  return reached[end] === 1;
}

/** The branches that pushes deploy: all, or those that a glob includes; and none that a glob excludes. */
export function isBranchSelected(
  filter: { readonly include: readonly string[]; readonly exclude: readonly string[] },
  branch: string,
): boolean {
  const isNamedIn = (globs: readonly string[]) => globs.some((glob) => matchesBranchGlob(glob, branch));
  return (filter.include.length === 0 || isNamedIn(filter.include)) && !isNamedIn(filter.exclude);
}

/** The code points that stand for themselves, and what stands for others. */
function stepsOf(glob: string): Int32Array {
  const texts = glob.match(/\*\*+|[^]/gu) ?? [];
  return Int32Array.from(texts, (text) => {
    if (text === '?') return ONE;
    if (text === '*') return MANY;
    return text.startsWith('*') ? ANY : (text.codePointAt(0) ?? 0);
  });
}
