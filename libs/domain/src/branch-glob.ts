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
  let reached = follow(steps, new Set([0]));
  for (const character of branch) {
    const next = new Set<number>();
    for (const at of reached) {
      const step = steps[at];
      if (step === undefined || !accepts(step, character)) continue;
      next.add(step.many ? at : at + 1);
    }
    reached = follow(steps, next);
    if (reached.size === 0) return false;
  }
  return reached.has(steps.length);
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
function follow(steps: readonly Step[], reached: ReadonlySet<number>): Set<number> {
  const all = new Set<number>();
  for (const start of reached) {
    for (let at = start; !all.has(at); at++) {
      all.add(at);
      if (steps[at]?.many !== true) break;
    }
  }
  return all;
}

function accepts({ any, many, text }: Step, character: string): boolean {
  return any || (many || text === '?' ? character !== '/' : character === text);
}
