/** One entry of the map. A host may have several; HAProxy uses the first. */
export interface MapEntry {
  readonly host: string;
  readonly target: string;
}

/** The changes that make the map equal to the desired one. */
export interface MapChanges {
  readonly add: readonly MapEntry[];
  readonly change: readonly MapEntry[];
  readonly remove: readonly string[];
}

/** Compares the map with the desired one. A host whose entries disagree counts as changed. */
export function mapChanges(present: readonly MapEntry[], desired: ReadonlyMap<string, string>): MapChanges {
  const targets = new Map<string, Set<string>>();
  for (const { host, target } of present) {
    targets.set(host, (targets.get(host) ?? new Set()).add(target));
  }
  const add: MapEntry[] = [];
  const change: MapEntry[] = [];
  for (const [host, target] of desired) {
    const found = targets.get(host);
    if (found === undefined) add.push({ host, target });
    else if (found.size > 1 || !found.has(target)) change.push({ host, target });
  }
  return { add, change, remove: [...targets.keys()].filter((host) => !desired.has(host)) };
}
