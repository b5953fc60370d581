/** A text without the quoting or encoding that a program added. */
export interface DecodedView {
  readonly text: string;
  /** For each character, and for the end, where it begins in the original. */
  readonly places: readonly number[];
}

/** A single quote within single quotes. */
const SHELL_QUOTES = [`'\\''`, `'"'"'`] as const;
const CONTROLS: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  e: '\x1b',
  E: '\x1b',
};
/** An escaped byte: `\x41`, or in octal `\101`. */
const ESCAPED_BYTE = /\\(?:x([0-9A-Fa-f]{2})|([0-3][0-7]{2}))/y;
const ESCAPED_UNIT = /\\u([0-9A-Fa-f]{4})/y;
const PERCENT_BYTE = /%([0-9A-Fa-f]{2})/y;

/**
 * Returns the text as it was before a program quoted or encoded it: for a shell (`'it'\''s'`, `"\$"`, `$'\n'`,
 * `a\ b`), as JSON, or for a URL. Only for texts that contain such an encoding.
 */
export function decodedViews(text: string): DecodedView[] {
  const isQuoted = SHELL_QUOTES.some((quote) => text.includes(quote));
  const isPercentEncoded = /%[0-9A-Fa-f]{2}/.test(text);
  return [
    ...(isQuoted ? [viewOf(text, quoteAt)] : []),
    ...(text.includes('\\') ? [viewOf(text, escapeAt)] : []),
    ...(isPercentEncoded ? [viewOf(text, (at) => byteAt(PERCENT_BYTE, text, at, 16))] : []),
  ];
}

/** What stands at a place of the original: some characters, or a byte of UTF-8. */
interface Token {
  readonly length: number;
  readonly value: string | number;
}

function viewOf(text: string, tokenAt: (at: number, text: string) => Token | null): DecodedView {
  const places: number[] = [];
  let decoded = '';
  const push = (value: string, at: number) => {
    decoded += value;
    places.push(...Array<number>(value.length).fill(at));
  };
  let bytes: { value: number; at: number }[] = [];
  const pushBytes = () => {
    for (let i = 0; i < bytes.length;) {
      const length = sequenceLength(bytes[i]?.value ?? 0);
      const sequence = bytes.slice(i, i + length);
      push(Buffer.from(sequence.map(({ value }) => value)).toString(), sequence[0]?.at ?? 0);
      i += length;
    }
    bytes = [];
  };
  for (let at = 0; at < text.length;) {
    const { length, value } = tokenAt(at, text) ?? { length: 1, value: text.charAt(at) };
    if (typeof value === 'number') bytes.push({ value, at });
    else {
      if (bytes.length > 0) pushBytes();
      push(value, at);
    }
    at += length;
  }
  pushBytes();
  return { text: decoded, places: [...places, text.length] };
}

/** In single quotes, a backslash is an ordinary character. */
function quoteAt(at: number, text: string): Token | null {
  const quote = SHELL_QUOTES.find((one) => text.startsWith(one, at));
  return quote === undefined ? null : { length: quote.length, value: `'` };
}

function escapeAt(at: number, text: string): Token | null {
  if (text.charAt(at) !== '\\' || at + 1 === text.length) return null;
  ESCAPED_UNIT.lastIndex = at;
  const unit = ESCAPED_UNIT.exec(text)?.[1];
  if (unit !== undefined) return { length: 6, value: String.fromCharCode(parseInt(unit, 16)) };
  const byte = byteAt(ESCAPED_BYTE, text, at, 8);
  if (byte !== null) return byte;
  const next = text.charAt(at + 1);
  if (Object.hasOwn(CONTROLS, next)) return { length: 2, value: CONTROLS[next] ?? '' };
  return /[A-Za-z0-9]/.test(next) ? null : { length: 2, value: next };
}

/** @param radix of the pattern's last group; its first one is hexadecimal */
function byteAt(pattern: RegExp, text: string, at: number, radix: 8 | 16): Token | null {
  pattern.lastIndex = at;
  const [whole, hexadecimal, other] = pattern.exec(text) ?? [];
  if (whole === undefined) return null;
  const value = hexadecimal === undefined ? parseInt(other ?? '', radix) : parseInt(hexadecimal, 16);
  return { length: whole.length, value };
}

/** Returns how many bytes the UTF-8 sequence that begins with a byte has. */
function sequenceLength(byte: number): number {
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc0 ? 2 : 1;
}
