import { EventEmitter, once } from 'node:events';
import { BuilderConfig } from '@nexos/config';
import { BuildCacheRepository } from '@nexos/state';
import { type BuildCache, type BuildCacheRecord, type Engine } from '@nexos/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { BuildCacheKeeper } from '../../../apps/builder/src/cache/build-cache-keeper.js';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());
beforeEach(() => database.dataSource.query('DELETE FROM build_cache_records'));

const NEVER = new AbortController().signal;

/** A keeper for an engine that has these records, whose clock is ahead. */
function keeperOf(records: () => Promise<BuildCacheRecord[]>, aheadMs = 0) {
  const removed: string[] = [];
  const remove = (id: string) => Promise.resolve(void removed.push(id));
  const info = () => Promise.resolve({ id: 'engine', time: new Date(Date.now() + aheadMs) });
  const keeper = new BuildCacheKeeper(
    { records, remove } as unknown as BuildCache,
    { info } as unknown as Engine,
    database.unitOfWork,
    database.repository(BuildCacheRepository),
    new BuilderConfig(),
  );
  return { keeper, removed };
}

function aRecord(createdAt: Date): BuildCacheRecord {
  const facts = { parents: [], sizeBytes: 1, isInUse: false, isShared: false, isGarbage: true };
  return { id: 'a'.repeat(25), createdAt, lastUsedAt: createdAt, ...facts };
}
const owners = () => database.rows('SELECT project_id FROM build_cache_records');

describe('what a build leaves in the build cache', () => {
  it('is the project’s by the clock of the engine', async () => {
    const aheadMs = 3_600_000;
    const { keeper, removed } = keeperOf(
      () => Promise.resolve([aRecord(new Date(Date.now() + aheadMs))]),
      aheadMs,
    );
    await keeper.watch('mine', NEVER)({ giveUp: true });
    expect(await owners()).toEqual([{ project_id: 'mine' }]);
    expect(removed).toHaveLength(1);
  });

  it('is written down when the process ends, and not removed any more', async () => {
    const { keeper, removed } = keeperOf(() => Promise.resolve([aRecord(new Date())]));
    const end = keeper.watch('mine', NEVER);
    await keeper.beforeApplicationShutdown();
    await end({ giveUp: true });
    expect(await owners()).toEqual([]);
    await keeper.onApplicationShutdown();
    expect(await owners()).toEqual([{ project_id: 'mine' }]);
    expect(removed).toEqual([]);
  });

  it('keeps no build that is stopped from its end, and goes with a later look', async () => {
    const stop = new AbortController();
    const answers = new EventEmitter();
    let isSlow = true;
    const { keeper, removed } = keeperOf(async () => {
      stop.abort();
      if (isSlow) await once(answers, 'late');
      return [aRecord(new Date())];
    });
    await keeper.watch('mine', stop.signal)({ giveUp: true });
    isSlow = false;
    answers.emit('late');
    keeper.onApplicationBootstrap();
    await eventually('what it has left to go', () => Promise.resolve(removed[0]));
    await keeper.beforeApplicationShutdown();
  });

  it('goes as soon as the engine has let go of it', async () => {
    let looks = 0;
    const { keeper, removed } = keeperOf(() =>
      Promise.resolve([{ ...aRecord(new Date()), isInUse: ++looks < 3 }]),
    );
    await keeper.watch('mine', NEVER)({ giveUp: true });
    expect(looks).toBe(3);
    expect(removed).toHaveLength(1);
  });

  it('is not waited for where a build that runs may have made it', async () => {
    let looks = 0;
    const record = { ...aRecord(new Date()), isInUse: true };
    const { keeper, removed } = keeperOf(() => {
      looks++;
      return Promise.resolve([record]);
    });
    const endOther = keeper.watch('theirs', NEVER);
    const began = Date.now();
    while (Date.now() === began);
    const end = keeper.watch('mine', NEVER);
    record.createdAt = new Date();
    await end({ giveUp: true });
    expect(await owners()).toEqual([{ project_id: 'mine' }]);
    expect(looks).toBe(1);
    await endOther({ giveUp: false });
    expect(removed).toEqual([]);
  });

  it('goes although the engine was asked by somebody else at the time', async () => {
    let looks = 0;
    const { keeper, removed } = keeperOf(() =>
      ++looks === 1
        ? Promise.reject(new Error('a disk usage operation is already running'))
        : Promise.resolve([aRecord(new Date())]),
    );
    await keeper.watch('mine', NEVER)({ giveUp: true });
    expect(removed).toHaveLength(1);
  });

  it('stays known when another builder has written it down since the list was made', async () => {
    const rows = database.repository(BuildCacheRepository);
    const earlier = [{ id: 'gone', projectId: 'mine' }];
    await rows.record('engine', earlier);
    await database.dataSource.query(
      `UPDATE build_cache_records SET recorded_at = now() - interval '1 second'`,
    );
    const listedAt = await database.unitOfWork.now();
    await rows.record('engine', [{ id: 'new', projectId: 'theirs' }]);
    const known = await rows.syncWith('engine', [], listedAt);
    expect(known.map(({ id }) => id)).toEqual(['new']);
  });
});
