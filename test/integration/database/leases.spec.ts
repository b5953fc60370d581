import { ConfigModule, DatabaseConfig, loadConfig, WorkerConfig } from '@nexos/config';
import { type Lease, LeaseLostError, LeaseModule, Leases } from '@nexos/database';
import { DueEnvironmentsRepository } from '@nexos/state';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { createQueuedDeployment } from '../../support/rows.js';

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
  ({ environmentId, projectId } = await createQueuedDeployment(database));
});

const hold = (worker: TestingModule, work: (lease: Lease) => Promise<unknown>) =>
  worker.get(Leases).hold('environments', environmentId, async (lease) => ({ result: await work(lease) }));
/** Expires the lease in the row before its next renewal, as if the holder had been frozen. */
const expireLease = () =>
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

describe('Leases', () => {
  it('lets one worker hold a lease at a time and releases it when the work is done', async () => {
    const answer = await hold(one, async () => {
      expect(await hold(other, () => Promise.resolve())).toBeNull();
      expect(await hold(one, () => Promise.resolve())).toBeNull();
      return 'worked';
    });
    expect(answer).toEqual({ result: 'worked' });
    expect(await hold(other, () => Promise.resolve('mine now'))).toEqual({ result: 'mine now' });
  });

  it('gives a lease to one of ten concurrent workers', async () => {
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

  it('releases a lease when the work fails', async () => {
    await expect(hold(one, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await hold(other, () => Promise.resolve())).not.toBeNull();
  });

  it('keeps the leases of an environment and of its project apart', async () => {
    await hold(one, async () => {
      const answer = await other.get(Leases).hold('projects', projectId, () => Promise.resolve({}));
      expect(answer).not.toBeNull();
    });
  });

  it('renews a lease for as long as the work goes on', async () => {
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

  it('raises the epoch with every holder', async () => {
    const epochs: number[] = [];
    for (const worker of [one, other, one]) {
      await hold(worker, ({ epoch }) => Promise.resolve(epochs.push(Number(epoch))));
    }
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
    expect(new Set(epochs).size).toBe(3);
  });

  it('grants no lease of an environment that does not exist', async () => {
    expect(await one.get(Leases).hold('environments', 'env_none', () => Promise.resolve({}))).toBeNull();
  });
});

describe('a worker frozen past its lease', () => {
  it('fails the guard and aborts the signal of a frozen worker once another has taken over', async () => {
    await hold(one, async (frozen) => {
      await frozen.guard();
      await expireLease();
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

  it('fails the guard of a frozen worker even before another takes over', async () => {
    await hold(one, async ({ guard }) => {
      await expireLease();
      await expect(guard()).rejects.toThrow(LeaseLostError);
    });
  });

  it('does not let a frozen worker release the lease of its successor', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let began: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => (began = resolve));
    const frozen = hold(one, async () => {
      began();
      await finished;
    });
    await hasBegun;
    await expireLease();
    await hold(other, async ({ guard }) => {
      finish();
      await frozen;
      await guard();
      expect(await hold(one, () => Promise.resolve())).toBeNull();
    });
  });
});

describe('DueEnvironmentsRepository', () => {
  const isDue = async () =>
    (await database.repository(DueEnvironmentsRepository).findStalled()).some(
      ({ id }) => id === environmentId,
    );
  const raiseGeneration = () =>
    database.dataSource.query('UPDATE environments SET generation = generation + 1 WHERE id = $1', [
      environmentId,
    ]);

  it('finds an environment that differs from its desired state and has no worker', async () => {
    expect(await isDue()).toBe(false);
    await raiseGeneration();
    expect(await isDue()).toBe(true);
  });

  it('skips an environment while a worker holds it and finds it once that worker has died', async () => {
    await raiseGeneration();
    await hold(one, async () => {
      expect(await isDue()).toBe(false);
      await expireLease();
      expect(await isDue()).toBe(true);
    });
  });
});
