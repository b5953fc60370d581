/** One entry of a map. A key may have several; HAProxy uses the first. */
export interface MapEntry {
  readonly key: string;
  readonly value: string;
}

/** The changes that make a map equal to the desired one. */
export interface MapChanges {
  readonly add: readonly MapEntry[];
  readonly change: readonly MapEntry[];
  readonly remove: readonly string[];
}

/** Compares a map with the desired one. A key whose entries disagree counts as changed. */
export function mapChanges(present: readonly MapEntry[], desired: ReadonlyMap<string, string>): MapChanges {
  const values = new Map<string, Set<string>>();
  for (const { key, value } of present) values.set(key, (values.get(key) ?? new Set()).add(value));
  const add: MapEntry[] = [];
  const change: MapEntry[] = [];
  for (const [key, value] of desired) {
    const found = values.get(key);
    if (found === undefined) add.push({ key, value });
    else if (found.size > 1 || !found.has(value)) change.push({ key, value });
  }
  return { add, change, remove: [...values.keys()].filter((key) => !desired.has(key)) };
}
