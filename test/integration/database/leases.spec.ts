import { ConfigModule, DatabaseConfig, loadConfig, WorkerConfig } from '@nexos/config';
import { type Lease, LeaseLostError, LeaseModule, Leases } from '@nexos/database';
import { DueEnvironmentsRepository } from '@nexos/state';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { aQueuedDeployment } from '../../support/rows.js';

const LEASE_MS = 1_000;
let database: TestDatabase;
let one: TestingModule;
let other: TestingModule;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  [one, other] = await Promise.all([aWorker(), aWorker()]);
});
afterAll(async () => {
  await Promise.all([one.close(), other.close()]);
  await database.drop();
});

function aWorker(): Promise<TestingModule> {
  const env = { DATABASE_URL: database.url, LEASE_MS: String(LEASE_MS) };
  const config = loadConfig({ database: DatabaseConfig, worker: WorkerConfig }, env);
  return Test.createTestingModule({ imports: [ConfigModule.forRoot(config), LeaseModule] }).compile();
}

let environmentId: string;
let projectId: string;
beforeEach(async () => {
  ({ environmentId, projectId } = await aQueuedDeployment(database));
});

const hold = (worker: TestingModule, work: (lease: Lease) => Promise<unknown>) =>
  worker.get(Leases).hold('environments', environmentId, async (lease) => ({ result: await work(lease) }));
/** As if the holder had been frozen for longer than its lease: the row tells so before its next renewal. */
const runOut = () =>
  database.dataSource.query(
    `UPDATE environments SET lease_until = now() - interval '1 second' WHERE id = $1`,
    [environmentId],
  );
const leaseUntil = async () => {
  const [row] = await database.rows<{ until: Date | null; now: Date }>(
    'SELECT lease_until AS until, now() AS now FROM environments WHERE id = $1',
    [environmentId],
  );
  return row;
};

describe('a lease', () => {
  it('is held by one worker at a time, and free again when that one is done', async () => {
    const answer = await hold(one, async () => {
      expect(await hold(other, () => Promise.resolve())).toBeNull();
      expect(await hold(one, () => Promise.resolve())).toBeNull();
      return 'worked';
    });
    expect(answer).toEqual({ result: 'worked' });
    expect(await hold(other, () => Promise.resolve('mine now'))).toEqual({ result: 'mine now' });
  });

  it('goes to one of ten that ask at the same time', async () => {
    const workers = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? one : other));
    let release: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (release = resolve));
    const asked = workers.map((worker) => hold(worker, () => done));
    await eventually('nine refusals', async () => {
      const settled = await Promise.all(
        asked.map((answer) => Promise.race([answer, Promise.resolve('pending')])),
      );
      return settled.filter((answer) => answer === null).length === 9 ? true : undefined;
    });
    release();
    expect((await Promise.all(asked)).filter((answer) => answer !== null)).toHaveLength(1);
  });

  it('is given back when the work fails', async () => {
    await expect(hold(one, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await hold(other, () => Promise.resolve())).not.toBeNull();
  });

  it('of an environment and of its project are different things', async () => {
    await hold(one, async () => {
      const answer = await other.get(Leases).hold('projects', projectId, () => Promise.resolve({}));
      expect(answer).not.toBeNull();
    });
  });

  it('is renewed for as long as the work goes on', async () => {
    await hold(one, async ({ guard, signal }) => {
      const first = (await leaseUntil())?.until?.getTime() ?? 0;
      await eventually('three renewals', async () => {
        const now = await leaseUntil();
        return (now?.until?.getTime() ?? 0) > first + LEASE_MS ? true : undefined;
      });
      await guard();
      expect(signal.aborted).toBe(false);
      expect(await hold(other, () => Promise.resolve())).toBeNull();
    });
  });

  it('has a higher epoch with every holder', async () => {
    const epochs: number[] = [];
    for (const worker of [one, other, one]) {
      await hold(worker, ({ epoch }) => Promise.resolve(epochs.push(Number(epoch))));
    }
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
    expect(new Set(epochs).size).toBe(3);
  });

  it('of what does not exist is nobody’s', async () => {
    expect(await one.get(Leases).hold('environments', 'env_none', () => Promise.resolve({}))).toBeNull();
  });
});

describe('a worker that was frozen past its lease', () => {
  it('finds its guard shut once another has taken over, and notices by itself', async () => {
    await hold(one, async (frozen) => {
      await frozen.guard();
      await runOut();
      const taken = await hold(other, async (present) => {
        expect(Number(present.epoch)).toBeGreaterThan(Number(frozen.epoch));
        await expect(frozen.guard()).rejects.toThrow(LeaseLostError);
        await present.guard();
        await eventually('the loss to be noticed', () =>
          Promise.resolve(frozen.signal.aborted ? true : undefined),
        );
        expect(frozen.signal.reason).toBeInstanceOf(LeaseLostError);
        await present.guard();
      });
      expect(taken).not.toBeNull();
    });
  });

  it('finds its guard shut even before anybody has taken over', async () => {
    await hold(one, async ({ guard }) => {
      await runOut();
      await expect(guard()).rejects.toThrow(LeaseLostError);
    });
  });

  it('does not give back the lease of the one that took over', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let began: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => (began = resolve));
    const frozen = hold(one, async () => {
      began();
      await finished;
    });
    await hasBegun;
    await runOut();
    await hold(other, async ({ guard }) => {
      finish();
      await frozen;
      await guard();
      expect(await hold(one, () => Promise.resolve())).toBeNull();
    });
  });
});

describe('an environment that is not as it is wanted', () => {
  const forgotten = async () =>
    (await database.repository(DueEnvironmentsRepository).findForgotten()).some(
      ({ id }) => id === environmentId,
    );
  const want = () =>
    database.dataSource.query('UPDATE environments SET generation = generation + 1 WHERE id = $1', [
      environmentId,
    ]);

  it('is found when nobody works on it', async () => {
    expect(await forgotten()).toBe(false);
    await want();
    expect(await forgotten()).toBe(true);
  });

  it('is left alone while somebody works on it, and found when that one has died', async () => {
    await want();
    await hold(one, async () => {
      expect(await forgotten()).toBe(false);
      await runOut();
      expect(await forgotten()).toBe(true);
    });
  });
});
