/** A record of the engine's build cache: the result of one build step. */
export interface CacheRecord {
  readonly id: string;
  /** The records that this one depends on; they cannot be evicted before it. */
  readonly parents: readonly string[];
  readonly sizeBytes: number;
  readonly lastUsedAt: Date;
  readonly isInUse: boolean;
  /** An image shares the layer, so evicting the record would free nothing. */
  readonly isShared: boolean;
}

/**
 * Chooses the records of a project to evict so that the rest fits: the least recently used first, each after the
 * records that depend on it.
 *
 * @param own records of the project
 * @param all records of the whole engine
 */
export function cacheToEvict(
  own: readonly CacheRecord[],
  all: readonly CacheRecord[],
  limitBytes: number,
): CacheRecord[] {
  const dependents = new Map<string, number>();
  const count = ({ parents }: CacheRecord, change: number): void => {
    for (const parent of parents) dependents.set(parent, (dependents.get(parent) ?? 0) + change);
  };
  for (const record of all) count(record, 1);
  const candidates = own
    .filter(({ isShared }) => !isShared)
    .sort((a, b) => a.lastUsedAt.getTime() - b.lastUsedAt.getTime());
  let bytes = candidates.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const evicted: CacheRecord[] = [];
  while (bytes > limitBytes) {
    const at = candidates.findIndex(({ id, isInUse }) => !isInUse && (dependents.get(id) ?? 0) === 0);
    const [next] = at < 0 ? [] : candidates.splice(at, 1);
    if (next === undefined) break;
    count(next, -1);
    bytes -= next.sizeBytes;
    evicted.push(next);
  }
  return evicted;
}

/** When a build of a project ran, by its builder's clock; `to` is null while it runs. */
export interface BuildSpan {
  readonly projectId: string;
  readonly from: Date;
  readonly to: Date | null;
}

/** Maximum clock difference between builder and engine, in milliseconds. */
const CLOCKS_MS = 1_000;

/**
 * Returns the build that created a record: of the builds that ran at the time, the one that began last. The engine does
 * not say which it was, so with concurrent builds it may be the wrong one. Null when none ran.
 */
export function findBuildOfRecord<T extends BuildSpan>(createdAt: Date, builds: readonly T[]): T | null {
  const at = createdAt.getTime();
  const ranAt = (slackMs: number) =>
    builds
      .filter(
        ({ from, to }) => from.getTime() - slackMs <= at && (to === null || at <= to.getTime() + slackMs),
      )
      .sort((a, b) => b.from.getTime() - a.from.getTime());
  // Without slack first, so that a build that began just afterwards is not chosen over one that ran.
  return ranAt(0)[0] ?? ranAt(CLOCKS_MS)[0] ?? null;
}
