/** A container with the names of those that start before it. */
export interface Dependent {
  readonly name: string;
  readonly depends_on: readonly string[];
}

/** Returns containers that wait for each other, in order and with the first one repeated; null when there are none. */
export function dependencyCycle(containers: readonly Dependent[]): string[] | null {
  const byName = new Map(containers.map((container) => [container.name, container]));
  const isClear = new Set<string>();
  const cycleFrom = (name: string, path: readonly string[]): string[] | null => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (isClear.has(name)) return null;
    for (const other of byName.get(name)?.depends_on ?? []) {
      const cycle = cycleFrom(other, [...path, name]);
      if (cycle !== null) return cycle;
    }
    isClear.add(name);
    return null;
  };
  for (const { name } of containers) {
    const cycle = cycleFrom(name, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

/**
 * Returns the containers that start last: those whose predecessor must stop first, so that it runs on for as long as
 * another container may still fail, and those that depend on them.
 */
export function lateContainers(
  containers: readonly (Dependent & { readonly overlap: boolean })[],
): ReadonlySet<string> {
  const late = new Set(containers.filter(({ overlap }) => !overlap).map(({ name }) => name));
  for (let before = -1; before < late.size;) {
    before = late.size;
    for (const { name, depends_on: others } of containers)
      if (others.some((one) => late.has(one))) late.add(name);
  }
  return late;
}
