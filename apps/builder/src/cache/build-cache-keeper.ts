import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { BuilderConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { BuildCacheRepository, type OwnedCacheRecord } from '@nexos/state';
import { buildOfRecord, type BuildSpan, cacheToGiveUp } from '@nexos/domain';
import { BuildCache, type BuildCacheRecord, Engine } from '@nexos/engine';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';

const MIB = 1024 * 1024;
/** An engine with much to measure must not keep a process from ending. */
const LAST_LOOK_MS = 5_000;
/** The end of a build waits no longer for what it has left to go. */
const GIVE_UP_MS = 15_000;
/** The first wait for an engine that has not let go of a build's records yet; each later one is twice as long. */
const LET_GO_MS = 250;

/** What an engine has, and the builds that it is of as far as they are known here. */
interface Found {
  readonly records: readonly BuildCacheRecord[];
  readonly known: readonly OwnedCacheRecord[];
  readonly builds: ReadonlyMap<string, WatchedBuild | null>;
  /** The records that a build that runs may have made, whosever they are taken to be. */
  readonly doubtful: ReadonlySet<string>;
}

interface WatchedBuild extends BuildSpan {
  to: Date | null;
  /** All that it has left is to go. */
  isGivenUp: boolean;
}

/**
 * Keeps what projects leave in the engine's build cache within a limit. The engine does not know of projects: what came
 * into being while a build ran is taken to be of its project, and nothing else is ever removed.
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

  /** Comes before the builds are stopped, and must not keep them from it. */
  override async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the process is stopping'));
    await super.beforeApplicationShutdown();
  }

  /**
   * Comes once all builds have ended. Whose their records are is known to this process alone until it is written down;
   * to remove them is for the next one.
   */
  async onApplicationShutdown(): Promise<void> {
    const { projectCacheMaxMb } = this.config;
    if (projectCacheMaxMb === 0 || this.builds.length === 0) return;
    const signal = AbortSignal.timeout(LAST_LOOK_MS);
    await inTime(this.tried(this.next(() => this.find(signal))), signal);
  }

  protected takeTurn(): Promise<void> {
    return this.look(this.stopping.signal);
  }

  /**
   * Watches a build of a project from now on.
   *
   * @param signal aborted when its end is to wait for nothing more
   * @returns to be called at its end; with `giveUp`, when there is no room for what it has left, it resolves once that
   *   has been removed, or after 15 s: a later look removes the rest
   */
  watch(projectId: string, signal: AbortSignal): (options: { giveUp: boolean }) => Promise<void> {
    const build: WatchedBuild = { projectId, from: new Date(), to: null, isGivenUp: false };
    this.builds.push(build);
    return async ({ giveUp }) => {
      build.to = new Date();
      build.isGivenUp = giveUp;
      if (!giveUp) return;
      const until = AbortSignal.any([signal, this.stopping.signal, AbortSignal.timeout(GIVE_UP_MS)]);
      await inTime(this.giveUp(build, until), until);
    };
  }

  /** A build that has just failed is still in use for a moment, and so is what it has left. */
  private async giveUp(build: WatchedBuild, signal: AbortSignal): Promise<void> {
    for (let waitMs = LET_GO_MS; !signal.aborted; waitMs *= 2) {
      await this.tried(this.look(signal));
      if (!this.builds.includes(build)) return;
      await wait(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async tried(look: Promise<unknown>): Promise<void> {
    try {
      await look;
    } catch (error) {
      this.logger.warn(`what a build has left stays for now: ${(error as Error).message}`);
    }
  }

  private look(signal: AbortSignal): Promise<void> {
    return this.next(() => this.tidyUp(signal));
  }

  /** One look at a time: what is asked for meanwhile comes after it. */
  private next<T>(work: () => Promise<T>): Promise<T> {
    const next = this.turn.then(work);
    this.turn = next.then(
      () => undefined,
      () => undefined,
    );
    return next;
  }

  private async tidyUp(signal: AbortSignal): Promise<void> {
    const ended = this.builds.filter(({ to }) => to !== null);
    const isOn = this.config.projectCacheMaxMb > 0 && ended.length > 0;
    const inUse = isOn ? await this.settle(signal) : [];
    this.builds = this.builds.filter((build) => !ended.includes(build) || inUse.includes(build));
  }

  /** @returns the builds that are given up, and of which something is in use that no build that runs may have made */
  private async settle(signal: AbortSignal): Promise<readonly WatchedBuild[]> {
    const found = await this.find(signal);
    const isOver = ({ id }: BuildCacheRecord) => found.builds.get(id)?.to !== null;
    const isGivenUp = ({ id }: BuildCacheRecord) => found.builds.get(id)?.isGivenUp === true;
    const unwanted = found.records.filter(
      (record) => isGivenUp(record) || (record.isGarbage && isOver(record)),
    );
    await this.remove(unwanted, found, signal);
    const inUse = unwanted.filter((record) => record.isInUse && isGivenUp(record));
    return inUse.flatMap(({ id }) => (found.doubtful.has(id) ? [] : (found.builds.get(id) ?? [])));
  }

  /** Writes down whose the engine's records are, as far as that is known. */
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
      builds.set(id, buildOfRecord(here, this.builds));
      if (buildOfRecord(here, running) !== null) doubtful.add(id);
    }
    const made = [...builds].flatMap(([id, build]) =>
      build === null ? [] : [{ id, projectId: build.projectId }],
    );
    await this.cacheRows.record(engineId, made);
    const ids = records.map(({ id }) => id);
    return { records, builds, doubtful, known: await this.cacheRows.syncWith(engineId, ids, listedAt) };
  }

  /** The least that its clock must be ahead of ours (or behind it, below 0), since it told the time while we waited. */
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
    const giveUp = async (records: readonly BuildCacheRecord[], limitBytes: number) => {
      const left = all.filter(({ id }) => !gone.has(id));
      for (const { id } of cacheToGiveUp(records, left, limitBytes)) {
        signal.throwIfAborted();
        await this.cache.remove(id, signal);
        gone.add(id);
      }
    };
    await giveUp([...new Set([...unwanted.filter(({ id }) => owners.has(id)), ...orphans])], 0);
    for (const projectId of new Set(known.map((record) => record.projectId))) {
      const records = ours.filter(({ id }) => owners.get(id)?.projectId === projectId && !gone.has(id));
      await giveUp(records, this.config.projectCacheMaxMb * MIB);
    }
    if (gone.size > 0) this.logger.log(`removed ${gone.size} records of the build cache`);
  }
}

/** Waits no longer than the signal says; the work may go on. */
async function inTime(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const ended = new AbortController();
  const tooLate = once(signal, 'abort', { signal: ended.signal }).catch(() => undefined);
  await Promise.race([work, tooLate]);
  ended.abort();
}
