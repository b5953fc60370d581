/** The fewest characters of a secret: a shorter one would mask every other word. */
export const SHORTEST_SECRET = 6;
/**
 * Characters that identify a long secret. After them, as many characters are masked as match, or as the longest
 * secret has if many share this head. This bounds the cost of each position in a hostile text.
 */
const HEAD = 32;
const MAX_LIST = 8;
const TABLE_SIZE = 1 << 16;

interface Branch {
  readonly secrets: readonly string[];
  readonly next: ReadonlyMap<string, Branch>;
  /** The length of the longest of many secrets with the same head; else 0. */
  readonly masks: number;
}

/**
 * Finds which of many secrets begins at a position of a text. A table rules out most positions. Then the first six
 * characters select a few secrets; where many share them, the following characters narrow them down.
 */
export class SecretIndex {
  private readonly table = new Uint8Array(TABLE_SIZE);
  private readonly branches: ReadonlyMap<string, Branch>;

  /** @param secrets of at least six characters each */
  constructor(secrets: readonly string[]) {
    const groups = groupBy(secrets, (secret) => secret.slice(0, SHORTEST_SECRET));
    for (const beginning of groups.keys()) this.table[placeOf(beginning, 0)] = 1;
    this.branches = new Map(
      [...groups].map(([beginning, group]) => [beginning, branchOf(group, SHORTEST_SECRET)]),
    );
  }

  get isEmpty(): boolean {
    return this.branches.size === 0;
  }

  /**
   * Returns where the longest secret that begins at `at` ends, or null if none begins there.
   *
   * @param cutAt where the text was truncated: a secret that would run past it ends there
   * @param maskedUntil where the already masked text ends; a long secret is not compared before it
   */
  endAt(text: string, at: number, cutAt: number, maskedUntil: number): number | null {
    if (this.table[placeOf(text, at)] === 0) return null;
    let branch = this.branches.get(text.slice(at, at + SHORTEST_SECRET));
    let end = 0;
    for (let i = at + SHORTEST_SECRET; branch !== undefined; i++) {
      for (const secret of branch.secrets) end = Math.max(end, endOf(secret, text, at, cutAt, maskedUntil));
      if (branch.masks > 0) end = Math.max(end, Math.min(at + branch.masks, text.length));
      if (i === cutAt && branch.next.size > 0) end = Math.max(end, cutAt);
      branch = branch.next.get(text.charAt(i));
    }
    return end === 0 ? null : end;
  }
}

/** Returns where a secret ends that begins at `at`; 0 when it does not begin there. */
function endOf(secret: string, text: string, at: number, cutAt: number, maskedUntil: number): number {
  const rest = cutAt - at;
  const isCut =
    rest >= SHORTEST_SECRET &&
    rest < Math.min(HEAD, secret.length) &&
    secret.startsWith(text.slice(at, cutAt));
  if (!text.startsWith(secret.slice(0, HEAD), at)) return isCut ? cutAt : 0;
  const limit = at + secret.length;
  let end = Math.min(limit, Math.max(at + HEAD, maskedUntil));
  while (end < limit && text.charCodeAt(end) === secret.charCodeAt(end - at)) end++;
  return end;
}

function branchOf(secrets: readonly string[], depth: number): Branch {
  if (secrets.length <= MAX_LIST) return { secrets, next: new Map(), masks: 0 };
  if (depth === HEAD) {
    return { secrets: [], next: new Map(), masks: Math.max(...secrets.map((secret) => secret.length)) };
  }
  const ended = secrets.filter((secret) => secret.length === depth);
  const longer = secrets.filter((secret) => secret.length > depth);
  const groups = groupBy(longer, (secret) => secret.charAt(depth));
  const next = new Map([...groups].map(([character, group]) => [character, branchOf(group, depth + 1)]));
  return { secrets: ended, next, masks: 0 };
}

function groupBy(secrets: readonly string[], keyOf: (secret: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const secret of secrets) {
    const group = groups.get(keyOf(secret));
    if (group === undefined) groups.set(keyOf(secret), [secret]);
    else group.push(secret);
  }
  return groups;
}

/** Returns the table slot of the six characters at a position; several texts may share a slot. */
function placeOf(text: string, at: number): number {
  let hash = 0;
  for (let i = at; i < at + SHORTEST_SECRET; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return (hash ^ (hash >>> 15)) & (TABLE_SIZE - 1);
}
