/** What `before` and `after` of a line of the audit log may have each, as JSON in UTF-8. */
export const MAX_RECORD_BYTES = 8_192;
/** Characters of a text, and entries of a list or object, that are kept. The first that makes a record small enough applies. */
const CUTS = [
  { characters: 1_000, entries: 500 },
  { characters: 500, entries: 200 },
  { characters: 200, entries: 100 },
  { characters: 200, entries: 50 },
  { characters: 100, entries: 25 },
  { characters: 50, entries: 10 },
  { characters: 20, entries: 3 },
] as const;
type Cut = (typeof CUTS)[number];

/** NUL and lone surrogates, which `jsonb` cannot hold. */
const NOT_STORABLE = /[\p{Cs}\0]/gu;

/**
 * Returns a record of the audit log in the size that a line may have. Long texts are cut, and long lists and objects say how
 * many entries were left out.
 */
export function boundedRecord(record: object): object {
  const plain: unknown = JSON.parse(JSON.stringify(record));
  for (const cut of CUTS) {
    const bounded = boundedValue(plain, cut) as object;
    if (Buffer.byteLength(JSON.stringify(bounded)) <= MAX_RECORD_BYTES) return bounded;
  }
  return { left_out: Object.keys(record).length };
}

function boundedValue(value: unknown, cut: Cut): unknown {
  if (typeof value === 'string') return boundedText(value, cut);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const kept = value.slice(0, cut.entries).map((one) => boundedValue(one, cut));
    return kept.length === value.length ? kept : [...kept, `… and ${value.length - kept.length} more`];
  }
  const entries = Object.entries(value);
  const kept = entries
    .slice(0, cut.entries)
    .map(([name, one]: [string, unknown]) => [boundedText(name, cut), boundedValue(one, cut)] as const);
  const leftOut = entries.length - kept.length;
  return Object.fromEntries(leftOut === 0 ? kept : [...kept, ['…', `and ${leftOut} more`]]);
}

function boundedText(text: string, { characters }: Cut): string {
  const kept = text.length > characters ? `${text.slice(0, characters)}…` : text;
  return kept.replaceAll(NOT_STORABLE, '\ufffd');
}
