import { BuildClaims, failBuild, finishBuild, type HeldBuild } from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { claimAny } from '../../support/claim-any.js';
import { TestDatabase } from '../../support/database.js';
import {
  insertProject,
  createQueuedDeployment,
  deploymentsOf,
  environmentsOf,
  jobsAbout,
} from '../../support/rows.js';

const OTHERS = { containerImageIds: [], seedImageId: null, hookImageId: null };
const IMAGE = { imageId: 'sha256:1', ...OTHERS, nodeId: 'node' };
const LEASE_MS = 60_000;
let database: TestDatabase;
let claims: BuildClaims;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  claims = new BuildClaims(database.unitOfWork);
});
afterAll(() => database.drop());

const claim = (id: string, quietMs = 0) => claimAny(database.unitOfWork, id, LEASE_MS, quietMs);
/** Expires the lease, as if the builder had died. */
const loseBuilder = (id: string) =>
  database.dataSource.query(
    `UPDATE deployments SET lease_until = now() - interval '1 second' WHERE id = $1`,
    [id],
  );
const ageDeployment = (id: string, ms: number) =>
  database.dataSource.query(
    `UPDATE deployments SET queued_at = queued_at - make_interval(secs => $2 / 1000.0) WHERE id = $1`,
    [id, ms],
  );
const held = ({ id, environmentId }: { id: string; environmentId: string }, attempt: number): HeldBuild => ({
  deploymentId: id,
  environmentId,
  attempt,
});
const finish = (build: HeldBuild) =>
  database.unitOfWork.run((transaction) => finishBuild(transaction, build, IMAGE));
const fail = (build: HeldBuild) =>
  database.unitOfWork.run((transaction) =>
    failBuild(transaction, build, new DeploymentFailure('build_step_failed', 'It failed.')),
  );
const statusOf = async (id: string) => {
  const rows = await database.rows<{ status: string; attempt: number; imageId: string | null }>(
    'SELECT status, attempt, image_id AS "imageId" FROM deployments WHERE id = $1',
    [id],
  );
  return rows[0];
};

describe('claiming a queued build', () => {
  it('lets one of ten concurrent builders claim a queued build', async () => {
    const { id } = await createQueuedDeployment(database);
    const claimed = await Promise.all(Array.from({ length: 10 }, () => claim(id)));
    expect(claimed.filter((deployment) => deployment !== null)).toMatchObject([
      { id, status: 'building', attempt: 1 },
    ]);
  });

  it('refuses a claim while the environment has another build running', async () => {
    const project = await insertProject(database.dataSource.manager);
    const first = await createQueuedDeployment(database, { project, number: 1 });
    await claim(first.id);
    const second = await createQueuedDeployment(database, { project, number: 2 });
    expect(await claim(second.id)).toBeNull();
    expect(await statusOf(second.id)).toMatchObject({ status: 'queued', attempt: 0 });
    await finish(held(first, 1));
    expect(await claim(second.id)).toMatchObject({ id: second.id });
  });

  it('refuses a claim of a cancelled or unknown deployment', async () => {
    const { id } = await createQueuedDeployment(database);
    await database.dataSource.query(`UPDATE deployments SET status = 'cancelled' WHERE id = $1`, [id]);
    expect(await claim(id)).toBeNull();
    expect(await claim('dep_none')).toBeNull();
  });

  it('finds a queued build whose job was lost, but not right away', async () => {
    const { id } = await createQueuedDeployment(database);
    const idle = async () => (await claims.findUnclaimed(5_000)).map((build) => build.id);
    expect(await idle()).not.toContain(id);
    await ageDeployment(id, 6_000);
    expect(await idle()).toContain(id);
    await claim(id);
    expect(await idle()).not.toContain(id);
  });

  it('does not report a queued build as idle behind a running build of its environment', async () => {
    const project = await insertProject(database.dataSource.manager);
    const first = await createQueuedDeployment(database, { project, number: 1 });
    await claim(first.id);
    const second = await createQueuedDeployment(database, { project, number: 2 });
    await ageDeployment(second.id, 60_000);
    expect((await claims.findUnclaimed(-1)).map((build) => build.id)).not.toContain(second.id);
  });
});

describe('the quiet period of an environment', () => {
  const QUIET_MS = 60_000;

  it('delays a build only when another began shortly before, and reports the remaining wait', async () => {
    const project = await insertProject(database.dataSource.manager);
    const first = await createQueuedDeployment(database, { project, number: 1 });
    expect(await claims.msUntilClaimable(first.id, QUIET_MS)).toBeNull();
    expect(await claim(first.id, QUIET_MS)).toMatchObject({ attempt: 1 });
    await finish(held(first, 1));
    const second = await createQueuedDeployment(database, { project, number: 2 });
    expect(await claim(second.id, QUIET_MS)).toBeNull();
    expect(await claims.msUntilClaimable(second.id, QUIET_MS)).toBeGreaterThan(QUIET_MS - 5_000);
    expect(await claims.msUntilClaimable(second.id, QUIET_MS)).toBeLessThanOrEqual(QUIET_MS);
    expect(await statusOf(second.id)).toMatchObject({ status: 'queued', attempt: 0 });
  });

  it('lets a build start once it has waited long enough or the other build began long ago', async () => {
    for (const age of ['queued_at', 'started_at']) {
      const project = await insertProject(database.dataSource.manager);
      const first = await createQueuedDeployment(database, { project, number: 1 });
      await claim(first.id);
      await finish(held(first, 1));
      const second = await createQueuedDeployment(database, { project, number: 2 });
      await database.dataSource.query(
        `UPDATE deployments SET ${age} = ${age} - interval '61 seconds' WHERE project_id = $1`,
        [project.id],
      );
      expect(await claims.msUntilClaimable(second.id, QUIET_MS)).toBeNull();
      expect(await claim(second.id, QUIET_MS)).toMatchObject({ attempt: 1 });
    }
  });

  it('does not delay a build for other environments or after its builder was lost', async () => {
    const project = await insertProject(database.dataSource.manager);
    const other = await createQueuedDeployment(database, { project, branch: 'other' });
    await claim(other.id);
    const { id } = await createQueuedDeployment(database, { project });
    expect(await claim(id, QUIET_MS)).toMatchObject({ attempt: 1 });
    await loseBuilder(id);
    expect(await claim(id, QUIET_MS)).toMatchObject({ attempt: 2 });
  });
});

describe('the lease of a build', () => {
  it('lets another builder claim a build once its lease has expired, and no sooner', async () => {
    const { id } = await createQueuedDeployment(database);
    await claim(id);
    expect(await claim(id)).toBeNull();
    await loseBuilder(id);
    expect((await claims.findUnclaimed(-1)).map((build) => build.id)).toContain(id);
    expect(await claim(id)).toMatchObject({ attempt: 2 });
  });

  it('allows two attempts at a build whose builders are lost and no third', async () => {
    const { id } = await createQueuedDeployment(database);
    for (const attempt of [1, 2]) {
      expect(await claim(id)).toMatchObject({ attempt });
      expect((await claims.findLost()).map((build) => build.id)).not.toContain(id);
      await loseBuilder(id);
    }
    expect(await claim(id)).toBeNull();
    expect((await claims.findLost()).map((build) => build.id)).toContain(id);
    expect((await claims.findUnclaimed(-1)).map((build) => build.id)).not.toContain(id);
  });

  it('rejects renewal, finish, failure and requeue by a builder that lost its lease', async () => {
    const deployment = await createQueuedDeployment(database);
    const { id } = deployment;
    await claim(id);
    await loseBuilder(id);
    await claim(id);
    expect(await claims.renew(id, 1, LEASE_MS)).toBe(false);
    expect(await finish(held(deployment, 1))).toBe(false);
    expect(await fail(held(deployment, 1))).toBe(false);
    expect(await claims.requeue(id, 1)).toBe(false);
    await claims.retry(id, 1);
    expect(await statusOf(id)).toEqual({ status: 'building', attempt: 2, imageId: null });
    expect(await claims.renew(id, 2, LEASE_MS)).toBe(true);
    expect(await claim(id)).toBeNull();
  });

  it('keeps a build with a builder that renews its lease in time', async () => {
    const { id } = await createQueuedDeployment(database);
    await claimAny(database.unitOfWork, id, 1);
    expect(await claims.renew(id, 1, LEASE_MS)).toBe(true);
    expect(await claim(id)).toBeNull();
  });
});

describe('a requeued or retried build', () => {
  it('lets a requeued build be claimed at once and does not count the interrupted attempt', async () => {
    const { id } = await createQueuedDeployment(database);
    for (let stops = 0; stops < 4; stops++) {
      const { attempt = NaN, uncountedAttempts = NaN } = (await claim(id)) ?? {};
      expect(attempt - uncountedAttempts).toBe(1);
      expect(await claims.requeue(id, attempt)).toBe(true);
    }
    const { attempt = NaN, uncountedAttempts = NaN } = (await claim(id)) ?? {};
    expect(attempt - uncountedAttempts).toBe(1);
  });

  it('rejects renewal and finish by every earlier builder of a requeued build', async () => {
    const deployment = await createQueuedDeployment(database);
    const { id } = deployment;
    const lost = (await claim(id))?.attempt ?? NaN;
    await loseBuilder(id);
    const stopped = (await claim(id))?.attempt ?? NaN;
    expect(await claims.requeue(id, stopped)).toBe(true);
    for (const late of [lost, stopped]) {
      expect(await claims.renew(id, late, LEASE_MS)).toBe(false);
      expect(await finish(held(deployment, late))).toBe(false);
    }
  });

  it('lets a build be retried after its engine was unreachable and counts the attempt', async () => {
    const { id } = await createQueuedDeployment(database);
    await claim(id);
    await claims.retry(id, 1);
    expect(await claim(id)).toMatchObject({ attempt: 2 });
  });
});

describe('finishBuild and failBuild', () => {
  it('makes a finished build the desired deployment and enqueues its rollout', async () => {
    const deployment = await createQueuedDeployment(database);
    await claim(deployment.id);
    expect(await finish(held(deployment, 1))).toBe(true);
    expect(await statusOf(deployment.id)).toEqual({ status: 'deploying', attempt: 1, imageId: 'sha256:1' });
    const [environment] = await database.rows('SELECT * FROM environments WHERE id = $1', [
      deployment.environmentId,
    ]);
    expect(environment).toMatchObject({ desired_deployment_id: deployment.id, generation: '1' });
    expect(await jobsAbout(database, deployment.environmentId)).toEqual(['reconcile-environment']);
    expect(await finish(held(deployment, 1))).toBe(false);
  });

  it('supersedes an older deployment that is still being rolled out when a build finishes', async () => {
    const project = await insertProject(database.dataSource.manager);
    for (const number of [1, 2]) {
      const deployment = await createQueuedDeployment(database, { project, number });
      await claim(deployment.id);
      await finish(held(deployment, 1));
    }
    expect((await deploymentsOf(database, project.id)).map(({ status }) => status)).toEqual([
      'superseded',
      'deploying',
    ]);
  });

  it('records why a build failed, fails an environment without a live version and starts the next build', async () => {
    const project = await insertProject(database.dataSource.manager);
    const first = await createQueuedDeployment(database, { project, number: 1 });
    await claim(first.id);
    const second = await createQueuedDeployment(database, { project, number: 2 });
    expect(await fail(held(first, 1))).toBe(true);
    const [row] = await database.rows('SELECT * FROM deployments WHERE id = $1', [first.id]);
    expect(row).toMatchObject({
      status: 'failed',
      failure_code: 'build_step_failed',
      failure_message: 'It failed.',
      finished_at: expect.any(Date) as Date,
      lease_until: null,
    });
    expect(await environmentsOf(database, project.id)).toMatchObject([{ status: 'failed' }]);
    expect(await jobsAbout(database, second.id)).toEqual(['build-deployment', 'build-deployment']);
  });
});
