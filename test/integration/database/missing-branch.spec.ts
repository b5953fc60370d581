import { failBuild } from '@nexos/state';
import { DeploymentFailure, type FailureCode } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { claimAny } from '../../support/claim-any.js';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment, insertProject } from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

/** Queues a build that fails, and returns the resulting status of its environment. */
async function afterFailure(project: Awaited<ReturnType<typeof insertProject>>, code: FailureCode) {
  const { id, environmentId } = await createQueuedDeployment(database, { project });
  await claimAny(database.unitOfWork, id);
  const build = { deploymentId: id, environmentId, attempt: 1 };
  const failure = new DeploymentFailure(code, 'It failed.');
  expect(await database.unitOfWork.run((transaction) => failBuild(transaction, build, failure))).toBe(true);
  const [row] = await database.rows<{ deployment: string; environment: string }>(
    `SELECT deployments.status AS deployment, environments.status AS environment
     FROM deployments JOIN environments ON environments.id = environment_id WHERE deployments.id = $1`,
    [id],
  );
  return row;
}

describe('a build of a branch that does not exist', () => {
  it('destroys the environment that was created for it', async () => {
    const project = await insertProject(database.dataSource.manager);
    expect(await afterFailure(project, 'branch_not_found')).toEqual({
      deployment: 'failed',
      environment: 'destroying',
    });
  });

  it('destroys it also when the request was repeated', async () => {
    const project = await insertProject(database.dataSource.manager);
    const first = await createQueuedDeployment(database, { project });
    await database.dataSource.query(`UPDATE deployments SET trigger = 'api' WHERE id = $1`, [first.id]);
    expect(await afterFailure(project, 'branch_not_found')).toMatchObject({ environment: 'destroying' });
    const [row] = await database.rows('SELECT status FROM deployments WHERE id = $1', [first.id]);
    expect(row).toEqual({ status: 'superseded' });
  });

  it('keeps the environment of a branch that was pushed once', async () => {
    const project = await insertProject(database.dataSource.manager);
    await createQueuedDeployment(database, { project });
    expect(await afterFailure(project, 'branch_not_found')).toMatchObject({ environment: 'failed' });
  });

  it('keeps an environment that has had another deployment', async () => {
    const project = await insertProject(database.dataSource.manager);
    await afterFailure(project, 'build_step_failed');
    expect(await afterFailure(project, 'branch_not_found')).toEqual({
      deployment: 'failed',
      environment: 'failed',
    });
  });
});
