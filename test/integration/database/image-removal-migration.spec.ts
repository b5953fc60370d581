import { migrate } from '@nexos/database';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { insertProject, createQueuedDeployment } from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

const hasColumn = async () =>
  (await database.rows(`SELECT 1 FROM information_schema.columns WHERE column_name = 'image_removed_at'`))
    .length > 0;

it('the migration keeps the images of the live and the last version and marks the others as removed', async () => {
  const project = await insertProject(database.dataSource.manager);
  const versions: [string, string, string | null, boolean][] = [
    ['main', 'replaced', 'node', true],
    ['main', 'replaced', 'node', false],
    ['main', 'failed', 'node', true],
    ['main', 'live', 'node', false],
    ['main', 'deploying', 'node', false],
    ['pushed', 'replaced', null, false],
    ['pushed', 'replaced', null, false],
    ['gone', 'replaced', 'node', true],
  ];
  const expected = new Map<string, boolean>();
  for (const [index, [branch, status, node, isRemoved]] of versions.entries()) {
    const number = index + 1;
    const { id, environmentId } = await createQueuedDeployment(database, { project, branch, number });
    await database.dataSource.query(
      `UPDATE deployments SET status = $2, image_id = id, image_node_id = $3, trigger = 'rollback',
         finished_at = now() + make_interval(secs => $4),
         failure_code = CASE WHEN $2 = 'failed' THEN 'app_exited' END WHERE id = $1`,
      [id, status, node, number],
    );
    await database.dataSource.query(
      `UPDATE environments SET status = 'destroyed', destroyed_at = now() WHERE id = $1 AND branch = 'gone'`,
      [environmentId],
    );
    expected.set(id, isRemoved);
  }
  while (await hasColumn()) await database.dataSource.undoLastMigration();
  const triggers = await database.rows('SELECT DISTINCT trigger FROM deployments');
  expect(triggers).toEqual([{ trigger: 'api' }]);
  await migrate(database.dataSource);
  const rows = await database.rows<{ id: string; gone: boolean }>(
    'SELECT id, image_removed_at IS NOT NULL AS gone FROM deployments',
  );
  expect(new Map(rows.map(({ id, gone }) => [id, gone]))).toEqual(expected);
});
