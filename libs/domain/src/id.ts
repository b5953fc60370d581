/** The prefix of each kind of id. */
export const ID_PREFIXES = {
  account: 'user',
  apiKey: 'key',
  project: 'proj',
  environment: 'env',
  deployment: 'dep',
  execution: 'exec',
  envVar: 'var',
  registry: 'reg',
  node: 'node',
  session: 'sess',
  webhook: 'hook',
  webhookSecret: 'whs',
  message: 'msg',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;
/** The first character encodes only three bits. */
const ULID = '[0-7][0-9a-hjkmnp-tv-z]{25}';
const ID = new RegExp(`^([a-z]{3,4})_${ULID}$`);

/** State of the last id created by this process. */
let lastTime = 0;
let lastRandom: number[] = [];

/**
 * Creates a prefixed id: a lower-case ULID (https://github.com/ulid/spec). Ids sort by creation time to the millisecond,
 * and ids of one process in the order of their creation.
 */
export function newId(kind: IdKind, now: number = Date.now()): string {
  lastRandom = now > lastTime ? randomDigits() : successorOf(lastRandom);
  // Setting the clock back must not change the order.
  lastTime = Math.max(now, lastTime);
  let time = '';
  for (let rest = lastTime, i = 0; i < TIME_CHARACTERS; i++, rest = Math.floor(rest / 32)) {
    time = ALPHABET.charAt(rest % 32) + time;
  }
  return `${ID_PREFIXES[kind]}_${time}${lastRandom.map((digit) => ALPHABET.charAt(digit)).join('')}`;
}

/** Keeps the first digit below 16, which leaves room for every successor within a millisecond. */
function randomDigits(): number[] {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_CHARACTERS));
  return Array.from(bytes, (byte, i) => byte % (i === 0 ? 16 : 32));
}

function successorOf(digits: readonly number[]): number[] {
  const next = [...digits];
  for (let i = next.length - 1; i >= 0; i--) {
    next[i] = ((next[i] ?? 0) + 1) % 32;
    if (next[i] !== 0) break;
  }
  return next;
}

/** Returns the pattern of the ids of a kind, for a regular expression or a JSON Schema. */
export function idPattern(kind: IdKind): string {
  return `^${ID_PREFIXES[kind]}_${ULID}$`;
}

/** Returns whether a text is an id of that kind; anything else cannot identify a row and needs no query. */
export function isId(kind: IdKind, text: string): boolean {
  return ID.exec(text)?.[1] === ID_PREFIXES[kind];
}
