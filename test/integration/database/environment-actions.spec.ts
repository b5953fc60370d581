import { actOnEnvironment } from '@nexos/state';
import { NO_COMMIT } from '@nexos/domain';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { insertProject, createQueuedDeployment, deploymentsOf, sha, API_ACTOR } from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

it.each<[string, string, string | null]>([
  ['builds the known head of the branch', `head_sha = '${sha(2)}'`, sha(2)],
  ['asks the remote when the branch is recorded as deleted', `head_sha = '${NO_COMMIT}'`, null],
])('a rebuild %s', async (_name, change, expected) => {
  const project = await insertProject(database.dataSource.manager);
  const { environmentId } = await createQueuedDeployment(database, { project, number: 1 });
  await database.dataSource.query(`UPDATE branches SET ${change} WHERE project_id = $1`, [project.id]);
  await rebuild(environmentId);
  expect((await deploymentsOf(database, project.id)).at(-1)).toMatchObject({ commitSha: expected });
});

it('a rebuild asks the remote when no push of the branch is known, even after earlier builds', async () => {
  const project = await insertProject(database.dataSource.manager);
  const { environmentId } = await createQueuedDeployment(database, { project, number: 1 });
  await database.dataSource.query('DELETE FROM branches WHERE project_id = $1', [project.id]);
  await rebuild(environmentId);
  expect((await deploymentsOf(database, project.id)).at(-1)).toMatchObject({
    commitSha: null,
    status: 'queued',
  });
});

async function rebuild(environmentId: string): Promise<void> {
  const outcome = await database.unitOfWork.run((transaction) =>
    actOnEnvironment(transaction, environmentId, 'rebuild', API_ACTOR),
  );
  expect(outcome).toEqual({ refused: null });
}
