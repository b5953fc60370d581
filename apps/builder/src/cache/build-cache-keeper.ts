import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { BuilderConfig, withDeadline } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { BuildCacheRepository, type OwnedCacheRecord } from '@nexos/state';
import { findBuildOfRecord, type BuildSpan, cacheToEvict } from '@nexos/domain';
import { BuildCache, type BuildCacheRecord, Engine } from '@nexos/engine';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';

const MIB = 1024 * 1024;
/** A slow listing of the cache must not block shutdown. */
const LAST_SWEEP_MS = 5_000;
/** How long the end of a build waits for its cache records to be removed. */
const REMOVAL_MS = 15_000;
/** First wait while the engine still uses a build's records; doubles each time. */
const FIRST_RETRY_MS = 250;

/** The engine's cache records, and the builds that made them as far as this process knows. */
interface Found {
  readonly records: readonly BuildCacheRecord[];
  readonly known: readonly OwnedCacheRecord[];
  readonly builds: ReadonlyMap<string, WatchedBuild | null>;
  /** Records that a running build may have made, whichever build they are attributed to. */
  readonly doubtful: ReadonlySet<string>;
}

interface WatchedBuild extends BuildSpan {
  to: Date | null;
  /** All of its records should be removed. */
  isDiscarded: boolean;
}

/**
 * Keeps each project's share of the engine's build cache within a limit. The engine knows no projects: records created
 * while a build ran are attributed to its project, and no others are ever removed.
 */
@Injectable()
export class BuildCacheKeeper extends PeriodicTask implements OnApplicationShutdown {
  private readonly logger = new Logger(BuildCacheKeeper.name);
  private builds: WatchedBuild[] = [];
  private readonly stopping = new AbortController();
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly cache: BuildCache,
    private readonly engine: Engine,
    private readonly unitOfWork: UnitOfWork,
    private readonly cacheRows: BuildCacheRepository,
    private readonly config: BuilderConfig,
  ) {
    super('build cache', config.cacheCheckMs);
  }

  /** Runs before the builds are stopped, and must not delay that. */
  override async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the process is stopping'));
    await super.beforeApplicationShutdown();
  }

  /**
   * Runs once all builds have ended. Stores which project owns their records, which only this process knows; the next
   * process removes them.
   */
  async onApplicationShutdown(): Promise<void> {
    const { projectCacheMaxMb } = this.config;
    if (projectCacheMaxMb === 0 || this.builds.length === 0) return;
    const signal = AbortSignal.timeout(LAST_SWEEP_MS);
    await untilAborted(this.logErrors(this.enqueue(() => this.find(signal))), signal);
  }

  protected run(): Promise<void> {
    return this.sweep(this.stopping.signal);
  }

  /**
   * Starts watching a build of a project.
   *
   * @param signal aborted when the end of the build must not wait any longer
   * @returns a function to call when the build ends. With `discardRecords`, for a full disk, it resolves once the
   *   build's records have been removed, or after 15 s; a later sweep removes the rest
   */
  watch(projectId: string, signal: AbortSignal): (options: { discardRecords: boolean }) => Promise<void> {
    const build: WatchedBuild = { projectId, from: new Date(), to: null, isDiscarded: false };
    this.builds.push(build);
    return async ({ discardRecords }) => {
      build.to = new Date();
      build.isDiscarded = discardRecords;
      if (!discardRecords) return;
      const until = withDeadline(AbortSignal.any([signal, this.stopping.signal]), REMOVAL_MS);
      await untilAborted(this.removeRecords(build, until), until);
    };
  }

  /** The engine uses a failed build's records for a moment longer, so this retries. */
  private async removeRecords(build: WatchedBuild, signal: AbortSignal): Promise<void> {
    for (let waitMs = FIRST_RETRY_MS; !signal.aborted; waitMs *= 2) {
      await this.logErrors(this.sweep(signal));
      if (!this.builds.includes(build)) return;
      await wait(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async logErrors(sweep: Promise<unknown>): Promise<void> {
    try {
      await sweep;
    } catch (error) {
      this.logger.warn(`could not remove build cache records: ${(error as Error).message}`);
    }
  }

  private sweep(signal: AbortSignal): Promise<void> {
    return this.enqueue(() => this.removeUnwanted(signal));
  }

  /** Runs sweeps one after another. */
  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turn.then(work);
    this.turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  private async removeUnwanted(signal: AbortSignal): Promise<void> {
    const ended = this.builds.filter(({ to }) => to !== null);
    const isEnabled = this.config.projectCacheMaxMb > 0 && ended.length > 0;
    const inUse = isEnabled ? await this.settle(signal) : [];
    this.builds = this.builds.filter((build) => !ended.includes(build) || inUse.includes(build));
  }

  /** @returns the discarded builds that still have records in use which no running build can have made */
  private async settle(signal: AbortSignal): Promise<readonly WatchedBuild[]> {
    const found = await this.find(signal);
    const isOver = ({ id }: BuildCacheRecord) => found.builds.get(id)?.to !== null;
    const isDiscarded = ({ id }: BuildCacheRecord) => found.builds.get(id)?.isDiscarded === true;
    const unwanted = found.records.filter(
      (record) => isDiscarded(record) || (record.isGarbage && isOver(record)),
    );
    await this.remove(unwanted, found, signal);
    const inUse = unwanted.filter((record) => record.isInUse && isDiscarded(record));
    return inUse.flatMap(({ id }) => (found.doubtful.has(id) ? [] : (found.builds.get(id) ?? [])));
  }

  /** Stores which projects own the engine's records, as far as that is known. */
  private async find(signal: AbortSignal): Promise<Found> {
    signal.throwIfAborted();
    const listedAt = await this.unitOfWork.now();
    const { engineId, aheadMs } = await this.askEngine();
    const records = await this.cache.records(signal);
    const running = this.builds.filter(({ to }) => to === null);
    const builds = new Map<string, WatchedBuild | null>();
    const doubtful = new Set<string>();
    for (const { id, createdAt } of records) {
      const here = new Date(createdAt.getTime() - aheadMs);
      builds.set(id, findBuildOfRecord(here, this.builds));
      if (findBuildOfRecord(here, running) !== null) doubtful.add(id);
    }
    const made = [...builds].flatMap(([id, build]) =>
      build === null ? [] : [{ id, projectId: build.projectId }],
    );
    await this.cacheRows.record(engineId, made);
    const ids = records.map(({ id }) => id);
    return { records, builds, doubtful, known: await this.cacheRows.syncWith(engineId, ids, listedAt) };
  }

  /**
   * Returns the smallest clock offset that fits the answer, since the engine read its clock while we waited; negative
   * when its clock is behind ours.
   */
  private async askEngine(): Promise<{ engineId: string; aheadMs: number }> {
    const asked = Date.now();
    const { id, time } = await this.engine.info();
    const at = time.getTime();
    return { engineId: id, aheadMs: at - Math.min(Math.max(at, asked), Date.now()) };
  }

  private async remove(
    unwanted: readonly BuildCacheRecord[],
    { known, records: all }: Found,
    signal: AbortSignal,
  ): Promise<void> {
    const owners = new Map(known.map((record) => [record.id, record]));
    const ours = all.filter(({ id }) => owners.has(id));
    const orphans = ours.filter(({ id }) => owners.get(id)?.isOrphan === true);
    const gone = new Set<string>();
    const evict = async (records: readonly BuildCacheRecord[], limitBytes: number) => {
      const left = all.filter(({ id }) => !gone.has(id));
      for (const { id } of cacheToEvict(records, left, limitBytes)) {
        signal.throwIfAborted();
        await this.cache.remove(id, signal);
        gone.add(id);
      }
    };
    await evict([...new Set([...unwanted.filter(({ id }) => owners.has(id)), ...orphans])], 0);
    for (const projectId of new Set(known.map((record) => record.projectId))) {
      const records = ours.filter(({ id }) => owners.get(id)?.projectId === projectId && !gone.has(id));
      await evict(records, this.config.projectCacheMaxMb * MIB);
    }
    if (gone.size > 0) this.logger.log(`removed ${gone.size} build cache records`);
  }
}

/** Waits until the work ends or the signal is aborted; the work may go on. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const ended = new AbortController();
  const tooLate = once(signal, 'abort', { signal: ended.signal }).catch(() => undefined);
  await Promise.race([work, tooLate]);
  ended.abort();
}
