import { isBranchName } from './branch-name.js';

/** `?`, `*` and `**` among code points. Order matters: values below `ONE` match any number of characters. */
const ONE = -1;
const MANY = -2;
const ANY = -3;
const SLASH = 0x2f;

/** The rule for branch globs, as the end of a sentence. */
export const BRANCH_GLOB_RULE = 'must be a branch name of at most 255 bytes, with *, ** and ? as wildcards';

/** Returns whether a text is a glob that some branch can match. */
export function isBranchGlob(text: string): boolean {
  return isBranchName(text.replaceAll(/[*?]/g, 'x'));
}

/**
 * Returns whether a glob matches a branch: `*` matches any characters except `/`, `**` any characters, `?` one character
 * except `/`, and everything else itself. Always runs in time proportional to the product of both lengths; a regular
 * expression built from an untrusted glob would not.
 */
export function matchesBranchGlob(glob: string, branch: string): boolean {
  const steps = stepsOf(glob);
  const end = steps.length;
  // 1 marks each step that the part of the branch read so far can reach.
  let reached = new Uint8Array(end + 1);
  let next = new Uint8Array(end + 1);
  reached[0] = 1;
  for (const character of branch) {
    const read = character.codePointAt(0) ?? 0;
    next.fill(0);
    for (let at = 0; at < end; at++) {
      if (reached[at] === 0) continue;
      const step = steps[at] ?? 0;
      // A wildcard for any number of characters also matches none.
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

/** Returns whether a push to a branch deploys: no exclude glob matches, and an include glob does or none exists. */
export function isBranchSelected(
  filter: { readonly include: readonly string[]; readonly exclude: readonly string[] },
  branch: string,
): boolean {
  const isNamedIn = (globs: readonly string[]) => globs.some((glob) => matchesBranchGlob(glob, branch));
  return (filter.include.length === 0 || isNamedIn(filter.include)) && !isNamedIn(filter.exclude);
}

/** Splits a glob into literal code points and wildcards. */
function stepsOf(glob: string): Int32Array {
  const texts = glob.match(/\*\*+|[^]/gu) ?? [];
  return Int32Array.from(texts, (text) => {
    if (text === '?') return ONE;
    if (text === '*') return MANY;
    return text.startsWith('*') ? ANY : (text.codePointAt(0) ?? 0);
  });
}
