type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns the fields that differ, as they were and as they are; null if none does. Fields of one side only are null on the
 * other.
 *
 * @param shown returns what may be shown of fields. Values that differ only in what it hides are then equal.
 */
export function changedFields(
  before: Fields,
  after: Fields,
  shown: (fields: Fields) => Fields = (fields) => fields,
): { readonly before: Fields; readonly after: Fields } | null {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null),
  );
  if (names.length === 0) return null;
  const pick = (fields: Fields) =>
    shown(Object.fromEntries(names.map((name) => [name, fields[name] ?? null])));
  return { before: pick(before), after: pick(after) };
}
