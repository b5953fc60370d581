/** A variable that holds for some branches, or for all of them. */
export interface BranchVariable {
  readonly key: string;
  /** A branch's name, or a glob of names; empty: all branches. */
  readonly branch: string;
}

/**
 * Chooses the variables that hold for a branch, one for each key. The branch's very name goes before a glob, and a
 * glob before what holds for all. Between two globs the longer one wins, since it says more; between two of the same
 * length the one that comes first in the order of their characters, so that the choice is always the same.
 *
 * @param matches whether a glob fits a branch's name; asked once for each glob
 */
export function variablesOfBranch<Variable extends BranchVariable>(
  variables: readonly Variable[],
  branch: string,
  matches: (glob: string, branch: string) => boolean,
): Variable[] {
  const globs = new Set(variables.map((variable) => variable.branch));
  const fitting = new Set(
    [...globs].filter((glob) => glob === '' || glob === branch || matches(glob, branch)),
  );
  const chosen = new Map<string, Variable>();
  for (const variable of variables) {
    if (!fitting.has(variable.branch)) continue;
    const other = chosen.get(variable.key);
    if (other === undefined || isCloser(variable.branch, other.branch, branch)) {
      chosen.set(variable.key, variable);
    }
  }
  return [...chosen.values()];
}

/** Whether `one` says more about the branch than `other` does; both fit it. */
function isCloser(one: string, other: string, branch: string): boolean {
  if (one === branch || other === branch) return one === branch;
  return one.length === other.length ? one < other : one.length > other.length;
}
