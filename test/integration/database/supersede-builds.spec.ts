import { BuildClaims, supersedeBuild } from '@nexos/state';
import { type DeploymentEntity, type ProjectEntity } from '@nexos/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment, deploymentsOf, insertProject, jobsAbout } from '../../support/rows.js';
import { queueBuilds } from '../../support/waiting-builds.js';

const LEASE_MS = 60_000;
let database: TestDatabase;
let claims: BuildClaims;
let project: ProjectEntity;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  claims = new BuildClaims(database.unitOfWork);
});
beforeEach(async () => {
  await database.dataSource.query(
    `UPDATE deployments SET status = 'cancelled' WHERE status IN ('queued', 'building')`,
  );
  project = await insertProject(database.dataSource.manager);
});
afterAll(() => database.drop());

const limit = (limits: object) =>
  database.dataSource.query('UPDATE accounts SET limits = limits || $2 WHERE id = $1', [
    project.accountId,
    JSON.stringify(limits),
  ]);
const push = (branch = 'main') => createQueuedDeployment(database, { project, branch });
const claimNext = async (): Promise<DeploymentEntity> => {
  const next = await claims.claimNext(LEASE_MS, 0);
  return next.kind === 'claimed' ? next.deployment : expect.fail();
};
const supersede = (environmentId: string, waitedMs = 0) =>
  database.unitOfWork.run((transaction) => supersedeBuild(transaction, environmentId, waitedMs));
const statuses = async () => (await deploymentsOf(database, project.id)).map(({ status }) => status).sort();

/** Begins a build, and queues a newer deployment of its environment. */
async function twoPushes() {
  const first = await push();
  expect((await claimNext()).id).toBe(first.id);
  return { first, second: await push() };
}

describe('supersedeBuild', () => {
  it('supersedes a running build once the newer one has waited long enough, and no sooner', async () => {
    const { first, second } = await twoPushes();
    expect(await supersede(first.environmentId, 2_000)).toBe(false);
    await database.dataSource.query(
      `UPDATE deployments SET queued_at = queued_at - interval '2.1 seconds' WHERE id = $1`,
      [second.id],
    );
    expect(await supersede(first.environmentId, 2_000)).toBe(true);
    expect(await statuses()).toEqual(['queued', 'superseded']);
    expect(await jobsAbout(database, second.id)).toEqual(['build-deployment', 'build-deployment']);
    expect(await claims.renew(first.id, 1, LEASE_MS)).toBe(false);
    expect((await claimNext()).id).toBe(second.id);
  });

  it('keeps a running build when no newer one waits', async () => {
    const only = await push();
    await claimNext();
    expect(await supersede(only.environmentId)).toBe(false);
  });

  it('keeps a running build while another one of its account has waited longer', async () => {
    await limit({ concurrent_builds: 1 });
    const first = await push();
    await claimNext();
    const other = await push('other');
    await push();
    expect(await supersede(first.environmentId)).toBe(false);
    await database.dataSource.query(`UPDATE deployments SET status = 'cancelled' WHERE id = $1`, [other.id]);
    expect(await supersede(first.environmentId)).toBe(true);
  });

  it('supersedes a running build although the limit of its account holds back a build that came later', async () => {
    await limit({ concurrent_builds: 1 });
    const { first, second } = await twoPushes();
    await push('other');
    expect(await supersede(first.environmentId)).toBe(true);
    expect((await claimNext()).id).toBe(second.id);
  });

  it('keeps a running build while it is the turn of another account', async () => {
    const { first } = await twoPushes();
    const { projectId } = await queueBuilds(database, 1);
    expect(await supersede(first.environmentId)).toBe(false);
    expect((await claimNext()).projectId).toBe(projectId);
    expect(await supersede(first.environmentId)).toBe(true);
  });

  it('keeps a running build once no build minutes are left for the newer one', async () => {
    const { first } = await twoPushes();
    await limit({ build_minutes: 0 });
    expect(await supersede(first.environmentId)).toBe(false);
    expect(await statuses()).toEqual(['building', 'queued']);
  });

  it('begins a lost build again when no build minutes are left for the newer one', async () => {
    const { first } = await twoPushes();
    await limit({ build_minutes: 0 });
    await database.dataSource.query(
      `UPDATE deployments SET lease_until = now() - interval '1 second' WHERE id = $1`,
      [first.id],
    );
    expect(await claimNext()).toMatchObject({ id: first.id, attempt: 2 });
  });
});
