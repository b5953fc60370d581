import { migrate } from '@nexos/database';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { insertProject } from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

const hasColumn = async () =>
  (
    await database.rows(
      `SELECT 1 FROM information_schema.columns WHERE column_name = 'predates_access_checks'`,
    )
  ).length > 0;

it('the migration marks the projects that GitHub has not confirmed, and no later one', async () => {
  const { manager } = database.dataSource;
  const older = await insertProject(manager);
  const confirmed = await insertProject(manager);
  await database.dataSource.query('UPDATE projects SET access_checked_at = now() WHERE id = $1', [
    confirmed.id,
  ]);
  while (await hasColumn()) await database.dataSource.undoLastMigration();
  await migrate(database.dataSource);
  const later = await insertProject(manager);
  const rows = await database.rows<{ id: string }>('SELECT id FROM projects WHERE predates_access_checks');
  expect(rows).toEqual([{ id: older.id }]);
  expect(later.predatesAccessChecks).toBe(false);
});
