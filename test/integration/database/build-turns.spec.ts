import { BuildClaims, failBuild, finishBuild } from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { type DeploymentEntity, ProjectEntity } from '@nexos/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment, insertProject, jobsAbout } from '../../support/rows.js';
import { BUILT_IMAGE, queueBuilds, type WaitingBuilds } from '../../support/waiting-builds.js';

const LEASE_MS = 60_000;
let database: TestDatabase;
let claims: BuildClaims;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  claims = new BuildClaims(database.unitOfWork);
});
beforeEach(() =>
  database.dataSource.query(
    `UPDATE deployments SET status = 'cancelled' WHERE status IN ('queued', 'building')`,
  ),
);
afterAll(() => database.drop());

/** Takes the next build, and returns it; null when there is none. */
async function claimNext(by = claims): Promise<DeploymentEntity | null> {
  const next = await by.claimNext(LEASE_MS, 0);
  return next.kind === 'claimed' ? next.deployment : null;
}
const held = ({ id, environmentId, attempt }: DeploymentEntity) => ({
  deploymentId: id,
  environmentId,
  attempt,
});
const finish = (build: DeploymentEntity) =>
  database.unitOfWork.run((transaction) => finishBuild(transaction, held(build), BUILT_IMAGE));
const owner = (build: DeploymentEntity | null, ...accounts: WaitingBuilds[]) =>
  accounts.findIndex(({ projectId }) => projectId === build?.projectId);
const statusOf = async (id: string) =>
  (await database.rows<{ status: string }>('SELECT status FROM deployments WHERE id = $1', [id]))[0]?.status;
const loseBuilder = ({ id }: DeploymentEntity) =>
  database.dataSource.query(
    `UPDATE deployments SET lease_until = now() - interval '1 second' WHERE id = $1`,
    [id],
  );

describe('the turns of accounts', () => {
  it('delays the first build of an account by one build at most, behind 200 builds of another', async () => {
    const many = await queueBuilds(database, 200);
    for (let turn = 0; turn < 3; turn++) await finish((await claimNext()) ?? expect.fail());
    const running = (await claimNext()) ?? expect.fail();
    const one = await queueBuilds(database, 1);
    await finish(running);
    expect(owner(await claimNext(), many, one)).toBe(1);
  });

  it('lets accounts build in turn, and each account its oldest build first', async () => {
    const first = await queueBuilds(database, 5);
    const second = await queueBuilds(database, 3);
    const order: number[] = [];
    const built: string[] = [];
    for (let build = await claimNext(); build !== null; build = await claimNext()) {
      order.push(owner(build, first, second));
      built.push(build.id);
      await finish(build);
    }
    expect(order).toEqual([0, 1, 0, 1, 0, 1, 0, 0]);
    expect(built.filter((id) => first.deploymentIds.includes(id))).toEqual(first.deploymentIds);
  });

  it('gives builders that ask at the same time builds of different accounts', async () => {
    const accounts = await Promise.all(Array.from({ length: 5 }, () => queueBuilds(database, 5)));
    const builds = await Promise.all(accounts.map(() => claimNext(new BuildClaims(database.unitOfWork))));
    expect(builds.map((build) => owner(build, ...accounts)).sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('never runs more builds of an account than its limit, however many builders ask', async () => {
    const { accountId } = await queueBuilds(database, 10, { concurrentBuilds: 3 });
    const builds = (
      await Promise.all(Array.from({ length: 10 }, () => claimNext(new BuildClaims(database.unitOfWork))))
    ).filter((build) => build !== null);
    expect(builds).toHaveLength(3);
    await finish(builds[0] ?? expect.fail());
    expect(await Promise.all([claimNext(), claimNext()])).toContain(null);
    await database.dataSource.query(`UPDATE accounts SET limits = '{"concurrent_builds": 5}' WHERE id = $1`, [
      accountId,
    ]);
    expect(
      (await Promise.all([1, 2, 3].map(() => claimNext()))).filter((build) => build !== null),
    ).toHaveLength(2);
  });

  it('wakes a builder for the next build of an account when one ends', async () => {
    const { deploymentIds } = await queueBuilds(database, 3, { concurrentBuilds: 1 });
    const build = (await claimNext()) ?? expect.fail();
    expect(await jobsAbout(database, deploymentIds[1] ?? '')).toEqual([]);
    await database.unitOfWork.run((transaction) =>
      failBuild(transaction, held(build), new DeploymentFailure('build_step_failed', 'It failed.')),
    );
    expect(await jobsAbout(database, deploymentIds[1] ?? '')).toEqual(['build-deployment']);
    expect(await jobsAbout(database, deploymentIds[2] ?? '')).toEqual([]);
  });
});

describe('builds that cannot be taken', () => {
  it('takes a lost build before the others of its account, at its limit too', async () => {
    await queueBuilds(database, 2, { concurrentBuilds: 1 });
    const build = (await claimNext()) ?? expect.fail();
    await loseBuilder(build);
    expect(await claimNext()).toMatchObject({ id: build.id, attempt: 2 });
    expect(await claimNext()).toBeNull();
  });

  it('lets the lost builds of an account delay the first build of another by one at most', async () => {
    const many = await queueBuilds(database, 5);
    for (let count = 0; count < 5; count++) await loseBuilder((await claimNext()) ?? expect.fail());
    const one = await queueBuilds(database, 2);
    const builds = [await claimNext(), await claimNext(), await claimNext(), await claimNext()];
    expect(builds.map((build) => owner(build, many, one))).toEqual([1, 0, 1, 0]);
  });

  it('supersedes a lost build when a newer one of its environment waits, and builds that in its place', async () => {
    const project = await insertProject(database.dataSource.manager);
    const first = await createQueuedDeployment(database, { project, number: 1 });
    const build = (await claimNext()) ?? expect.fail();
    await createQueuedDeployment(database, { project, branch: 'other', number: 2 });
    const newer = await createQueuedDeployment(database, { project, number: 3 });
    await loseBuilder(build);
    expect(await claimNext()).toMatchObject({ id: newer.id });
    expect(await statusOf(first.id)).toBe('superseded');
  });

  it('finds a lost build behind which a newer one waits, beside 201 older builds of others', async () => {
    const many = await queueBuilds(database, 202, { concurrentBuilds: 1 });
    expect(owner(await claimNext(), many)).toBe(0);
    const project = await insertProject(database.dataSource.manager);
    await database.dataSource.query(`UPDATE accounts SET plan = 'free', limits = $2 WHERE id = $1`, [
      project.accountId,
      '{"concurrent_builds": 1}',
    ]);
    await createQueuedDeployment(database, { project, number: 1 });
    const build = (await claimNext()) ?? expect.fail();
    const newer = await createQueuedDeployment(database, { project, number: 2 });
    await loseBuilder(build);
    expect(await claims.findUnclaimed(-1)).toMatchObject([{ id: build.id, attempt: 1 }]);
    expect(await claimNext()).toMatchObject({ id: newer.id });
  });

  it('passes over a build whose environment somebody has locked, and says that it is busy', async () => {
    const locked = await queueBuilds(database, 1);
    const other = await database.connectAnother();
    try {
      await other.transaction(async (manager) => {
        await manager.query('SELECT 1 FROM environments WHERE project_id = $1 FOR UPDATE', [
          locked.projectId,
        ]);
        expect(await claims.claimNext(LEASE_MS, 0)).toEqual({ kind: 'none', isBusy: true });
        const free = await queueBuilds(database, 1);
        expect(owner(await claimNext(), free)).toBe(0);
      });
    } finally {
      await other.destroy();
    }
    expect(owner(await claimNext(), locked)).toBe(0);
    expect(await claims.claimNext(LEASE_MS, 0)).toEqual({ kind: 'none', isBusy: false });
  });
});

describe('builds that nobody has begun', () => {
  it('finds as many of an account as its limit allows to start, and none that it holds back', async () => {
    const full = await queueBuilds(database, 3, { concurrentBuilds: 1 });
    expect(owner(await claimNext(), full)).toBe(0);
    const { deploymentIds } = await queueBuilds(database, 5, { concurrentBuilds: 2 });
    const found = await claims.findUnclaimed(-1);
    expect(found.map(({ id }) => id)).toEqual(deploymentIds.slice(0, 2));
  });

  it('leaves out builds that were queued a moment ago', async () => {
    await queueBuilds(database, 2);
    expect(await claims.findUnclaimed(60_000)).toEqual([]);
  });
});

describe('claims of a process', () => {
  it('leave its connections to others while they wait for the claim of another process', async () => {
    const { deploymentIds } = await queueBuilds(database, 20);
    const build = (await claimNext()) ?? expect.fail();
    const other = await database.connectAnother();
    const waiting: Promise<unknown>[] = [];
    try {
      await other.transaction(async (manager) => {
        await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('build claims', 0))`);
        waiting.push(...deploymentIds.map(() => claimNext()));
        expect(await claims.renew(build.id, build.attempt, LEASE_MS)).toBe(true);
      });
    } finally {
      await other.destroy();
    }
    expect(new Set(await Promise.all(waiting)).size).toBe(20);
  });

  it('go on after one that failed', async () => {
    await queueBuilds(database, 1);
    const failing = claims.claimNext(NaN, 0);
    const next = claimNext();
    await expect(failing).rejects.toThrow();
    expect(await next).not.toBeNull();
  });
});

describe('the place of an environment', () => {
  it('is kept by newer pushes, so that all are built while somebody pushes again and again', async () => {
    const { accountId, projectId } = await queueBuilds(database, 0, { concurrentBuilds: 1 });
    const project = await database.dataSource.manager.findOneByOrFail(ProjectEntity, { id: projectId });
    expect(project.accountId).toBe(accountId);
    const branches = ['a', 'b', 'c'];
    const pushAll = async (round: number) => {
      for (const [index, branch] of branches.entries()) {
        await createQueuedDeployment(database, { project, branch, number: 10 * round + index });
      }
    };
    const built: string[] = [];
    for (let round = 1; round <= 4; round++) {
      await pushAll(round);
      const build = (await claimNext()) ?? expect.fail();
      built.push(build.branch);
      await finish(build);
    }
    expect(built).toEqual(['a', 'b', 'c', 'a']);
  });
});
