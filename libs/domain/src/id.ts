/** What an id names, by its prefix on the wire. */
export const ID_PREFIXES = {
  account: 'user',
  apiKey: 'key',
  project: 'proj',
  environment: 'env',
  deployment: 'dep',
  envVar: 'var',
  node: 'node',
  session: 'sess',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARACTERS = 10;
const RANDOM_BYTES = 16;

/**
 * Makes a prefixed id: a lower-case ULID (https://github.com/ulid/spec), so that ids sort by the time they
 * were made, to the millisecond.
 */
export function newId(kind: IdKind, now: number = Date.now()): string {
  let time = '';
  for (let rest = now, i = 0; i < TIME_CHARACTERS; i++, rest = Math.floor(rest / 32)) {
    time = ALPHABET.charAt(rest % 32) + time;
  }
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return `${ID_PREFIXES[kind]}_${time}${Array.from(random, (byte) => ALPHABET.charAt(byte % 32)).join('')}`;
}

const ID = /^([a-z]{3,4})_[0-9a-hjkmnp-tv-z]{26}$/;

/** Whether a text is an id of that kind; anything else cannot name a row and need not be looked up. */
export function isId(kind: IdKind, text: string): boolean {
  return ID.exec(text)?.[1] === ID_PREFIXES[kind];
}
