import { BuildClaims, finishBuild, finishRollout, ImagesRepository, rollBack } from '@nexos/state';
import { type Transaction } from '@nexos/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { claimAny } from '../../support/claim-any.js';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import {
  insertProject,
  createQueuedDeployment,
  type DeploymentRow,
  deploymentsOf,
  jobsAbout,
  API_ACTOR,
} from '../../support/rows.js';

const EPOCH = '7';
let database: TestDatabase;
let claims: BuildClaims;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  claims = new BuildClaims(database.unitOfWork);
});
afterAll(() => database.drop());

let project: Awaited<ReturnType<typeof insertProject>>;
let environmentId: string;
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
});

const run = <T>(work: (transaction: Transaction) => Promise<T>) => database.unitOfWork.run(work);
const deployments = () => deploymentsOf(database, project.id);
const statuses = async () => (await deployments()).map(({ status }) => status);
const rollBackTo = (deploymentId: string | null = null) =>
  run((transaction) => rollBack(transaction, environmentId, deploymentId, API_ACTOR));
const discardOld = (...builtFor: string[]) =>
  database.repository(ImagesRepository).evictOld(environmentId, builtFor);

async function building(number: number): Promise<string> {
  const { id, environmentId: its } = await createQueuedDeployment(database, { project, number });
  environmentId = its;
  expect(await claimAny(database.unitOfWork, id)).not.toBeNull();
  return id;
}
const finish = (deploymentId: string, nodeId: string | null = 'node') =>
  run((transaction) =>
    finishBuild(
      transaction,
      { deploymentId, environmentId, attempt: 1 },
      {
        imageId: `sha256:${deploymentId}`,
        seedImageId: `seed-${deploymentId}`,
        containerImageIds: [`worker-${deploymentId}`],
        hookImageId: `hooks-${deploymentId}`,
        nodeId,
      },
    ),
  );
async function goLive(deploymentId: string): Promise<string> {
  await database.dataSource.query(
    `UPDATE environments SET lease_epoch = $2, lease_until = now() + interval '1 minute' WHERE id = $1`,
    [environmentId, EPOCH],
  );
  const rollout = { deploymentId, environmentId, epoch: EPOCH };
  expect(await run((transaction) => finishRollout(transaction, rollout, 0))).toBe(true);
  return deploymentId;
}
async function live(number: number, nodeId: string | null = 'node'): Promise<string> {
  const id = await building(number);
  expect(await finish(id, nodeId)).toBe(true);
  return goLive(id);
}
async function rolledBack(deploymentId: string | null = null): Promise<DeploymentRow> {
  expect(await rollBackTo(deploymentId)).toEqual({ refused: null });
  const newest = (await deployments()).at(-1);
  if (newest === undefined) throw new Error('no deployment found');
  return newest;
}
async function removed(): Promise<string[]> {
  const rows = await database.rows<{ id: string }>(
    `SELECT id FROM deployments WHERE environment_id = $1 AND image_removed_at IS NOT NULL ORDER BY id`,
    [environmentId],
  );
  return rows.map(({ id }) => id);
}

describe('rollBack', () => {
  it('enqueues one job, for the rollout, and builds nothing', async () => {
    const first = await live(1);
    await live(2);
    const before = await jobsAbout(database, environmentId);
    const { id, status } = await rolledBack();
    expect(status).toBe('deploying');
    expect(
      await database.rows(
        'SELECT seed_image_id AS seed, hook_image_id AS hooks FROM deployments WHERE id = $1',
        [id],
      ),
    ).toEqual([{ seed: `seed-${first}`, hooks: `hooks-${first}` }]);
    expect(await jobsAbout(database, id)).toEqual([]);
    expect(await jobsAbout(database, environmentId)).toEqual([...before, 'reconcile-environment']);
  });

  it('supersedes a running build, which its builder can neither renew nor finish', async () => {
    await live(1);
    await live(2);
    const taken = await building(3);
    const { id } = await rolledBack();
    expect(await claims.renew(taken, 1, 60_000)).toBe(false);
    expect(await finish(taken)).toBe(false);
    expect(await statuses()).toEqual(['replaced', 'live', 'superseded', 'deploying']);
    await goLive(id);
    expect(await statuses()).toEqual(['replaced', 'replaced', 'superseded', 'live']);
  });

  it('lets a push that is built before the rollback is live supersede it', async () => {
    await live(1);
    await live(2);
    const { id } = await rolledBack();
    const pushed = await building(3);
    expect(await finish(pushed)).toBe(true);
    expect((await deployments()).find((one) => one.id === id)).toMatchObject({ status: 'superseded' });
    await goLive(pushed);
  });

  it('supersedes a build that finishes while the rollback waits for its lock', async () => {
    await live(1);
    await live(2);
    const third = await building(3);
    let rollback: Promise<unknown> = Promise.resolve();
    await database.anotherUnitOfWork().run(async (transaction) => {
      const build = { deploymentId: third, environmentId, attempt: 1 };
      await finishBuild(transaction, build, {
        imageId: 'sha256:3',
        seedImageId: null,
        hookImageId: null,
        containerImageIds: [],
        nodeId: 'node',
      });
      rollback = rollBackTo();
      await eventually('the rollback to wait', async () => {
        const waiting = await database.rows(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length > 0 ? true : undefined;
      });
    });
    expect(await rollback).toEqual({ refused: null });
    expect(await statuses()).toEqual(['replaced', 'live', 'superseded', 'deploying']);
  });
});

describe('ImagesRepository', () => {
  it('discards all images except the live one and the one before it', async () => {
    const [one, two, three] = [await live(1), await live(2), await live(3)];
    expect(await discardOld(one, two, three)).toEqual([one]);
    expect(await removed()).toEqual([one]);
    expect(await discardOld(two, three)).toEqual([]);
    expect(await rollBackTo(one)).toMatchObject({ refused: expect.stringContaining('removed') as string });
  });

  it('keeps the image that a rollback is rolling out, whichever deployment it was built for', async () => {
    const [one, two, three] = [await live(1), await live(2), await live(3)];
    const { id } = await rolledBack(one);
    expect(await discardOld(one, two, three, id)).toEqual([]);
    expect(await removed()).toEqual([]);
  });

  it('keeps the image that a rollback runs and the one that undoes it', async () => {
    const [one, two, three] = [await live(1), await live(2), await live(3)];
    const back = await goLive((await rolledBack(one)).id);
    expect(await discardOld(one, two, three)).toEqual([two]);
    const forth = await goLive((await rolledBack()).id);
    expect(forth).not.toBe(back);
    expect(await discardOld(one, three)).toEqual([]);
    await goLive(await buildFourth());
    expect(await discardOld(one, three)).toEqual([one]);
    expect(await removed()).toEqual([one, two, back].sort());
  });
  const buildFourth = async () => {
    const id = await building(4);
    await finish(id);
    return id;
  };

  it('keeps the image of an unfinished build and discards images of unknown deployments', async () => {
    const [one, two] = [await live(1), await live(2)];
    const third = await building(3);
    expect(await discardOld(one, two, third)).toEqual([]);
    expect(await discardOld('', 'dep_unknown')).toEqual(['', 'dep_unknown']);
  });

  it('discards the image of a superseded deployment and marks it as removed', async () => {
    const [one, two] = [await live(1), await live(2)];
    const third = await building(3);
    await finish(third);
    await rolledBack();
    expect(await discardOld(one, two, third)).toEqual([third]);
    expect(await removed()).toEqual([third]);
  });

  it('keeps images available for a rollback when a registry holds them', async () => {
    const [one, two, three] = [await live(1, null), await live(2, null), await live(3, null)];
    expect(await discardOld(one, two, three)).toEqual([one]);
    expect(await removed()).toEqual([]);
    expect(await rollBackTo(one)).toEqual({ refused: null });
  });

  it('keeps an image while a rollback to it is being committed', async () => {
    const [one, two, three] = [await live(1), await live(2), await live(3)];
    let discarded: Promise<string[]> = Promise.resolve([]);
    await database.anotherUnitOfWork().run(async (transaction) => {
      expect(await rollBack(transaction, environmentId, one, API_ACTOR)).toEqual({ refused: null });
      discarded = discardOld(one, two, three);
      await eventually('the other transaction to wait', async () => {
        const waiting = await database.rows(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length > 0 ? true : undefined;
      });
    });
    expect(await discarded).toEqual([]);
  });

  it('marks all images of a destroyed environment as removed', async () => {
    const [one, two] = [await live(1), await live(2)];
    await building(3);
    await database.repository(ImagesRepository).evictAll(environmentId);
    expect(await removed()).toEqual([one, two]);
  });
});
