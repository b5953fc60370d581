import { BuildClaims, finishBuild, finishRollout, ImagesRepository, rollBack } from '@nexos/state';
import { type Transaction } from '@nexos/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import {
  aProject,
  aQueuedDeployment,
  type DeploymentRow,
  deploymentsOf,
  jobsAbout,
  SOMEBODY,
} from '../../support/rows.js';

const EPOCH = '7';
let database: TestDatabase;
let claims: BuildClaims;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  claims = new BuildClaims(database.unitOfWork);
});
afterAll(() => database.drop());

let project: Awaited<ReturnType<typeof aProject>>;
let environmentId: string;
beforeEach(async () => {
  project = await aProject(database.dataSource.manager);
});

const run = <T>(work: (transaction: Transaction) => Promise<T>) => database.unitOfWork.run(work);
const deployments = () => deploymentsOf(database, project.id);
const statuses = async () => (await deployments()).map(({ status }) => status);
const goBack = (deploymentId: string | null = null) =>
  run((transaction) => rollBack(transaction, environmentId, deploymentId, SOMEBODY));
const giveUp = (...builtFor: string[]) =>
  database.repository(ImagesRepository).giveUpOld(environmentId, builtFor);

async function building(number: number): Promise<string> {
  const { id, environmentId: its } = await aQueuedDeployment(database, { project, number });
  environmentId = its;
  expect(await claims.claim(id, 60_000, 0)).not.toBeNull();
  return id;
}
const finish = (deploymentId: string, nodeId: string | null = 'node') =>
  run((transaction) =>
    finishBuild(
      transaction,
      { deploymentId, environmentId, attempt: 1 },
      { imageId: `sha256:${deploymentId}`, seedImageId: null, nodeId },
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
  expect(await goBack(deploymentId)).toEqual({ refused: null });
  const newest = (await deployments()).at(-1);
  if (newest === undefined) throw new Error('there is no deployment');
  return newest;
}
async function removed(): Promise<string[]> {
  const rows = await database.rows<{ id: string }>(
    `SELECT id FROM deployments WHERE environment_id = $1 AND image_removed_at IS NOT NULL ORDER BY id`,
    [environmentId],
  );
  return rows.map(({ id }) => id);
}

describe('a rollback', () => {
  it('has one job: to roll it out; nothing is built', async () => {
    await live(1);
    await live(2);
    const before = await jobsAbout(database, environmentId);
    const { id, status } = await rolledBack();
    expect(status).toBe('deploying');
    expect(await jobsAbout(database, id)).toEqual([]);
    expect(await jobsAbout(database, environmentId)).toEqual([...before, 'reconcile-environment']);
  });

  it('takes a build away from its builder, which can neither keep nor finish it', async () => {
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

  it('is superseded itself by a push that is built before it is live', async () => {
    await live(1);
    await live(2);
    const { id } = await rolledBack();
    const pushed = await building(3);
    expect(await finish(pushed)).toBe(true);
    expect((await deployments()).find((one) => one.id === id)).toMatchObject({ status: 'superseded' });
    await goLive(pushed);
  });

  it('that waits for a build which is just finished goes before it all the same', async () => {
    await live(1);
    await live(2);
    const third = await building(3);
    let rollback: Promise<unknown> = Promise.resolve();
    await database.anotherUnitOfWork().run(async (transaction) => {
      const build = { deploymentId: third, environmentId, attempt: 1 };
      await finishBuild(transaction, build, { imageId: 'sha256:3', seedImageId: null, nodeId: 'node' });
      rollback = goBack();
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

describe('images that are given up', () => {
  it('are all but the live one and the one before it', async () => {
    const [one, two, three] = [await live(1), await live(2), await live(3)];
    expect(await giveUp(one, two, three)).toEqual([one]);
    expect(await removed()).toEqual([one]);
    expect(await giveUp(two, three)).toEqual([]);
    expect(await goBack(one)).toMatchObject({ refused: expect.stringContaining('removed') as string });
  });

  it('are none that a rollback is on its way to, whichever deployment it was built for', async () => {
    const [one, two, three] = [await live(1), await live(2), await live(3)];
    const { id } = await rolledBack(one);
    expect(await giveUp(one, two, three, id)).toEqual([]);
    expect(await removed()).toEqual([]);
  });

  it('are none that a rollback runs, and none that it can be undone with', async () => {
    const [one, two, three] = [await live(1), await live(2), await live(3)];
    const back = await goLive((await rolledBack(one)).id);
    expect(await giveUp(one, two, three)).toEqual([two]);
    const forth = await goLive((await rolledBack()).id);
    expect(forth).not.toBe(back);
    expect(await giveUp(one, three)).toEqual([]);
    await goLive(await live4());
    expect(await giveUp(one, three)).toEqual([one]);
    expect(await removed()).toEqual([one, two, back].sort());
  });
  const live4 = async () => {
    const id = await building(4);
    await finish(id);
    return id;
  };

  it('are none of a build whose image is there before it is finished', async () => {
    const [one, two] = [await live(1), await live(2)];
    const third = await building(3);
    expect(await giveUp(one, two, third)).toEqual([]);
    expect(await giveUp('', 'dep_unknown')).toEqual(['', 'dep_unknown']);
  });

  it('of what was cancelled or superseded go, and are not claimed any more', async () => {
    const [one, two] = [await live(1), await live(2)];
    const third = await building(3);
    await finish(third);
    await rolledBack();
    expect(await giveUp(one, two, third)).toEqual([third]);
    expect(await removed()).toEqual([third]);
  });

  it('stay to be had where a registry keeps them', async () => {
    const [one, two, three] = [await live(1, null), await live(2, null), await live(3, null)];
    expect(await giveUp(one, two, three)).toEqual([one]);
    expect(await removed()).toEqual([]);
    expect(await goBack(one)).toEqual({ refused: null });
  });

  it('are not given up while a rollback to them is being decided on', async () => {
    const [one, two, three] = [await live(1), await live(2), await live(3)];
    let given: Promise<string[]> = Promise.resolve([]);
    await database.anotherUnitOfWork().run(async (transaction) => {
      expect(await rollBack(transaction, environmentId, one, SOMEBODY)).toEqual({ refused: null });
      given = giveUp(one, two, three);
      await eventually('the other transaction to wait', async () => {
        const waiting = await database.rows(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length > 0 ? true : undefined;
      });
    });
    expect(await given).toEqual([]);
  });

  it('are all of an environment that is destroyed', async () => {
    const [one, two] = [await live(1), await live(2)];
    await building(3);
    await database.repository(ImagesRepository).giveUpAll(environmentId);
    expect(await removed()).toEqual([one, two]);
  });
});
