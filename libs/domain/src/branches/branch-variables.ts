/** A variable of some branches, or of all. */
export interface BranchVariable {
  readonly key: string;
  /** A branch name or a glob; empty: all branches. */
  readonly branch: string;
}

/**
 * Chooses the variables that apply to a branch, one for each key. The exact branch name wins over a glob, and a glob
 * over a variable of all branches. The longer of two globs wins because it is more specific; of two equally long globs
 * the first in character order wins, which makes the choice deterministic.
 *
 * @param matches whether a glob matches a branch; called once per glob
 */
export function variablesOfBranch<Variable extends BranchVariable>(
  variables: readonly Variable[],
  branch: string,
  matches: (glob: string, branch: string) => boolean,
): Variable[] {
  const globs = new Set(variables.map((variable) => variable.branch));
  const matching = new Set(
    [...globs].filter((glob) => glob === '' || glob === branch || matches(glob, branch)),
  );
  const chosen = new Map<string, Variable>();
  for (const variable of variables) {
    if (!matching.has(variable.branch)) continue;
    const other = chosen.get(variable.key);
    if (other === undefined || isMoreSpecific(variable.branch, other.branch, branch)) {
      chosen.set(variable.key, variable);
    }
  }
  return [...chosen.values()];
}

/** Returns whether `one` is more specific than `other`; both match the branch. */
function isMoreSpecific(one: string, other: string, branch: string): boolean {
  if (one === branch || other === branch) return one === branch;
  return one.length === other.length ? one < other : one.length > other.length;
}
