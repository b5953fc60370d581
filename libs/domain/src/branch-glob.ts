interface Step {
  readonly any: boolean;
  readonly many: boolean;
  readonly text: string;
}

const GLOB = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

/** Whether a text can be a glob of branches: 1 to 255 characters, none of them a control character. */
export function isBranchGlob(text: string): boolean {
  return GLOB.test(text);
}

/**
 * Whether a branch is among those that a glob names: `*` stands for any characters but `/`, `**` for any at all, `?`
 * for one that is not `/`; all else stands for itself. Takes time in proportion to the product of both lengths,
 * whatever they hold, as a regular expression made of a stranger's glob would not.
 */
export function matchesBranchGlob(glob: string, branch: string): boolean {
  const steps = stepsOf(glob);
  // 1 where all steps before that one have been taken. Bytes, since every push does this for many globs.
  let reached = new Uint8Array(steps.length + 1);
  let next = new Uint8Array(steps.length + 1);
  reached[0] = 1;
  steps.forEach((step, at) => skip(step, at, reached));
  for (const character of branch) {
    next.fill(0);
    steps.forEach((step, at) => {
      if (reached[at] === 1 && accepts(step, character)) next[step.many ? at : at + 1] = 1;
      skip(step, at, next);
    });
    [reached, next] = [next, reached];
    if (!reached.includes(1)) return false;
  }
  return reached[steps.length] === 1;
}

/** The branches that pushes deploy: all, or those that a glob includes; and none that a glob excludes. */
export function isBranchSelected(
  filter: { readonly include: readonly string[]; readonly exclude: readonly string[] },
  branch: string,
): boolean {
  const isNamedIn = (globs: readonly string[]) => globs.some((glob) => matchesBranchGlob(glob, branch));
  return (filter.include.length === 0 || isNamedIn(filter.include)) && !isNamedIn(filter.exclude);
}

function stepsOf(glob: string): Step[] {
  return [...glob.matchAll(/\*\*+|[^]/gu)].map(([text]) => ({
    any: text.startsWith('**'),
    many: text.startsWith('*'),
    text,
  }));
}

/** What stands for any number of characters also stands for none. */
function skip(step: Step, at: number, reached: Uint8Array): void {
  if (step.many && reached[at] === 1) reached[at + 1] = 1;
}

function accepts({ any, many, text }: Step, character: string): boolean {
  return any || (many || text === '?' ? character !== '/' : character === text);
}
