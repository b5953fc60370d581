import { BuilderConfig } from '@nexos/config';
import { findCacheRecords, keepCacheRecords, type KnownCacheRecord } from '@nexos/database';
import { buildOfRecord, cacheToGiveUp, type BuildSpan } from '@nexos/domain';
import { BuildCache, Engine, type BuildCacheRecord } from '@nexos/engine';
import { Repeated } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';

const MIB = 1024 * 1024;
/** An engine with much to measure must not keep a process from ending. */
const LAST_LOOK_MS = 5_000;

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
export class BuildCacheKeeper extends Repeated {
  private readonly logger = new Logger(BuildCacheKeeper.name);
  private builds: WatchedBuild[] = [];
  private readonly stopping = new AbortController();
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly cache: BuildCache,
    private readonly engine: Engine,
    private readonly dataSource: DataSource,
    private readonly config: BuilderConfig,
  ) {
    super('build cache', config.cacheCheckMs);
  }

  /** Whose the records are is known to this process alone until they have been looked at. */
  override async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the process is stopping'));
    await super.beforeApplicationShutdown();
    await this.lookNow(AbortSignal.timeout(LAST_LOOK_MS));
  }

  protected takeTurn(): Promise<void> {
    return this.look(this.stopping.signal);
  }

  /**
   * Watches a build of a project from now on.
   *
   * @returns to be called at its end; with `giveUp`, when there is no room for what it has left, it resolves once that
   *   has been removed
   */
  watch(projectId: string): (options: { giveUp: boolean }) => Promise<void> {
    const build: WatchedBuild = { projectId, from: new Date(), to: null, isGivenUp: false };
    this.builds.push(build);
    return async ({ giveUp }) => {
      build.to = new Date();
      build.isGivenUp = giveUp;
      if (giveUp) await this.lookNow(this.stopping.signal);
    };
  }

  private async lookNow(signal: AbortSignal): Promise<void> {
    try {
      await this.look(signal);
    } catch (error) {
      this.logger.warn(`what a build has left stays for now: ${(error as Error).message}`);
    }
  }

  /** One look at a time: what is asked for meanwhile comes after it. */
  private look(signal: AbortSignal): Promise<void> {
    const next = this.turn.then(() => this.tidyUp(signal));
    this.turn = next.catch(() => undefined);
    return next;
  }

  private async tidyUp(signal: AbortSignal): Promise<void> {
    const ended = this.builds.filter(({ to }) => to !== null);
    if (this.config.projectCacheMaxMb > 0 && ended.length > 0) await this.settle(signal);
    this.forget(ended);
  }

  private async settle(signal: AbortSignal): Promise<void> {
    const { id: engineId } = await this.engine.info();
    const records = await this.cache.records(signal);
    const builds = new Map(records.map(({ id, createdAt }) => [id, buildOfRecord(createdAt, this.builds)]));
    const made = [...builds].flatMap(([id, build]) =>
      build === null ? [] : [{ id, projectId: build.projectId }],
    );
    const { manager } = this.dataSource;
    await keepCacheRecords(manager, engineId, made);
    const ids = records.map(({ id }) => id);
    const known = await findCacheRecords(manager, engineId, ids);
    const isOver = ({ id }: BuildCacheRecord) => builds.get(id)?.to !== null;
    const isGivenUp = ({ id }: BuildCacheRecord) => builds.get(id)?.isGivenUp === true;
    await this.remove(
      records.filter((record) => isGivenUp(record) || (record.isGarbage && isOver(record))),
      known,
      records,
    );
  }

  private async remove(
    unwanted: readonly BuildCacheRecord[],
    known: readonly KnownCacheRecord[],
    all: readonly BuildCacheRecord[],
  ): Promise<void> {
    const owners = new Map(known.map((record) => [record.id, record]));
    const ours = all.filter(({ id }) => owners.has(id));
    const orphans = ours.filter(({ id }) => owners.get(id)?.isOrphan === true);
    const gone = new Set<string>();
    const giveUp = async (records: readonly BuildCacheRecord[], limitBytes: number) => {
      const left = all.filter(({ id }) => !gone.has(id));
      for (const { id } of cacheToGiveUp(records, left, limitBytes)) {
        await this.cache.remove(id);
        gone.add(id);
      }
    };
    await giveUp([...unwanted.filter(({ id }) => owners.has(id)), ...orphans], 0);
    for (const projectId of new Set(known.map((record) => record.projectId))) {
      const records = ours.filter(({ id }) => owners.get(id)?.projectId === projectId && !gone.has(id));
      await giveUp(records, this.config.projectCacheMaxMb * MIB);
    }
    if (gone.size > 0) this.logger.log(`removed ${gone.size} records of the build cache`);
  }

  private forget(ended: readonly WatchedBuild[]): void {
    this.builds = this.builds.filter((build) => !ended.includes(build));
  }
}
