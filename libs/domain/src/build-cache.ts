/** A record of the engine's build cache: what one step of a build has made. */
export interface CacheRecord {
  readonly id: string;
  /** The records that it lies upon: they cannot go before it. */
  readonly parents: readonly string[];
  readonly sizeBytes: number;
  readonly lastUsedAt: Date;
  readonly isInUse: boolean;
  /** An image has the same layer: nothing would be gained by giving it up. */
  readonly isShared: boolean;
}

/**
 * Which records of a project are to be given up for the rest to fit: those that were used longest ago, each after what
 * lies upon it.
 *
 * @param own the project's
 * @param all those of the whole engine
 */
export function cacheToGiveUp(
  own: readonly CacheRecord[],
  all: readonly CacheRecord[],
  limitBytes: number,
): CacheRecord[] {
  const above = new Map<string, number>();
  const count = ({ parents }: CacheRecord, change: number): void => {
    for (const parent of parents) above.set(parent, (above.get(parent) ?? 0) + change);
  };
  for (const record of all) count(record, 1);
  const left = own
    .filter(({ isShared }) => !isShared)
    .sort((a, b) => a.lastUsedAt.getTime() - b.lastUsedAt.getTime());
  let bytes = left.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const given: CacheRecord[] = [];
  while (bytes > limitBytes) {
    const at = left.findIndex(({ id, isInUse }) => !isInUse && (above.get(id) ?? 0) === 0);
    const [next] = at < 0 ? [] : left.splice(at, 1);
    if (next === undefined) break;
    count(next, -1);
    bytes -= next.sizeBytes;
    given.push(next);
  }
  return given;
}

/** When a build of a project ran, by the clock of its builder; `to` is null while it does. */
export interface BuildSpan {
  readonly projectId: string;
  readonly from: Date;
  readonly to: Date | null;
}

/** What the clocks of builder and engine may differ by, in milliseconds. */
const CLOCKS_MS = 1_000;

/**
 * The build that a record came into being with: the one that began last of those that ran at the time. The engine does
 * not tell, so that of builds side by side it may be the wrong one; null: none of them.
 */
export function buildOfRecord<T extends BuildSpan>(createdAt: Date, builds: readonly T[]): T | null {
  const at = createdAt.getTime();
  const ranAt = (slackMs: number) =>
    builds
      .filter(
        ({ from, to }) => from.getTime() - slackMs <= at && (to === null || at <= to.getTime() + slackMs),
      )
      .sort((a, b) => b.from.getTime() - a.from.getTime());
  // One that began right after is not taken for one that ran.
  return ranAt(0)[0] ?? ranAt(CLOCKS_MS)[0] ?? null;
}
