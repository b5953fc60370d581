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

/** Returns a keeper for an engine with these records, whose clock is ahead by `aheadMs`. */
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

describe('BuildCacheKeeper', () => {
  it('assigns the records of a build to its project by the clock of the engine', async () => {
    const aheadMs = 3_600_000;
    const { keeper, removed } = keeperOf(
      () => Promise.resolve([aRecord(new Date(Date.now() + aheadMs))]),
      aheadMs,
    );
    await keeper.watch('mine', NEVER)({ discardRecords: true });
    expect(await owners()).toEqual([{ project_id: 'mine' }]);
    expect(removed).toHaveLength(1);
  });

  it('records what a build left when the process shuts down, without removing it', async () => {
    const { keeper, removed } = keeperOf(() => Promise.resolve([aRecord(new Date())]));
    const end = keeper.watch('mine', NEVER);
    await keeper.beforeApplicationShutdown();
    await end({ discardRecords: true });
    expect(await owners()).toEqual([]);
    await keeper.onApplicationShutdown();
    expect(await owners()).toEqual([{ project_id: 'mine' }]);
    expect(removed).toEqual([]);
  });

  it('does not delay a stopped build, and removes its records later', async () => {
    const stop = new AbortController();
    const answers = new EventEmitter();
    let isSlow = true;
    const { keeper, removed } = keeperOf(async () => {
      stop.abort();
      if (isSlow) await once(answers, 'late');
      return [aRecord(new Date())];
    });
    await keeper.watch('mine', stop.signal)({ discardRecords: true });
    isSlow = false;
    answers.emit('late');
    keeper.onApplicationBootstrap();
    await eventually('the record to be removed', () => Promise.resolve(removed[0]));
    await keeper.beforeApplicationShutdown();
  });

  it('removes a record as soon as the engine no longer uses it', async () => {
    let calls = 0;
    const { keeper, removed } = keeperOf(() =>
      Promise.resolve([{ ...aRecord(new Date()), isInUse: ++calls < 3 }]),
    );
    await keeper.watch('mine', NEVER)({ discardRecords: true });
    expect(calls).toBe(3);
    expect(removed).toHaveLength(1);
  });

  it('does not wait for a record that another running build may have created', async () => {
    let calls = 0;
    const record = { ...aRecord(new Date()), isInUse: true };
    const { keeper, removed } = keeperOf(() => {
      calls++;
      return Promise.resolve([record]);
    });
    const endOther = keeper.watch('theirs', NEVER);
    const began = Date.now();
    while (Date.now() === began);
    const end = keeper.watch('mine', NEVER);
    record.createdAt = new Date();
    await end({ discardRecords: true });
    expect(await owners()).toEqual([{ project_id: 'mine' }]);
    expect(calls).toBe(1);
    await endOther({ discardRecords: false });
    expect(removed).toEqual([]);
  });

  it('retries when the engine is busy with another disk usage operation', async () => {
    let calls = 0;
    const { keeper, removed } = keeperOf(() =>
      ++calls === 1
        ? Promise.reject(new Error('a disk usage operation is already running'))
        : Promise.resolve([aRecord(new Date())]),
    );
    await keeper.watch('mine', NEVER)({ discardRecords: true });
    expect(removed).toHaveLength(1);
  });

  it('keeps a record that another builder has added since the list was made', async () => {
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
