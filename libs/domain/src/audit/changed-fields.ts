type Fields = Readonly<Record<string, unknown>>;

/** Settings whose values are set by users and may be secrets by mistake. Only the names are kept. */
const NAMES_ONLY: readonly string[] = ['env', 'build_args', 'buildArgs'];

/** Returns the fields that differ, as they were and as they are. Fields of one side only are null on the other. */
export function changedFields(
  before: Fields,
  after: Fields,
): { readonly before: Fields; readonly after: Fields } {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null),
  );
  return { before: pick(before, names), after: pick(after, names) };
}

/** Replaces the values of variables and build arguments, at any depth, by the list of their names. */
export function withoutValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutValues);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]: [string, unknown]) => [
      name,
      NAMES_ONLY.includes(name) && isObject(one) ? Object.keys(one).sort() : withoutValues(one),
    ]),
  );
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return withoutValues(Object.fromEntries(names.map((name) => [name, fields[name] ?? null]))) as Fields;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
