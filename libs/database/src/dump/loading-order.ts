/** Sorts tables so that each comes after those that its foreign keys point to. @throws Error for a circle of them */
export function inLoadingOrder<T extends { readonly name: string }>(
  tables: readonly T[],
  references: readonly { readonly child: string; readonly parent: string }[],
): T[] {
  const parents = new Map(tables.map(({ name }) => [name, new Set<string>()]));
  for (const { child, parent } of references) if (parents.has(parent)) parents.get(child)?.add(parent);
  const sorted: T[] = [];
  const loaded = new Set<string>();
  while (sorted.length < tables.length) {
    const next = tables.filter(
      ({ name }) => !loaded.has(name) && [...(parents.get(name) ?? [])].every((parent) => loaded.has(parent)),
    );
    if (next.length === 0) throw new Error('The foreign keys of the tables form a circle.');
    for (const table of next) loaded.add(table.name);
    sorted.push(...next);
  }
  return sorted;
}
