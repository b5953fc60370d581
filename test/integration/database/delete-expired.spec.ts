import { OutputArchivesRepository, RetentionRepository } from '@nexos/state';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment, insertAccount, insertProject } from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

it('deletes only API keys that were revoked or expired more than 30 days ago', async () => {
  const accountId = await insertAccount(database.dataSource.manager);
  const keys: [string, string, string][] = [
    ['works', 'NULL', 'NULL'],
    ['works for another day', 'NULL', `now() + interval '1 day'`],
    ['revoked recently', `now() - interval '29 days'`, 'NULL'],
    ['expired recently', 'NULL', `now() - interval '29 days'`],
    ['revoked', `now() - interval '31 days'`, `now() + interval '1 day'`],
    ['expired', 'NULL', `now() - interval '31 days'`],
  ];
  for (const [name, revoked, expires] of keys) {
    await database.dataSource.query(
      `INSERT INTO api_keys (id, account_id, key_id, secret_hash, name, revoked_at, expires_at)
       VALUES ($1, $2, $1, 'x', $1, ${revoked}, ${expires})`,
      [name, accountId],
    );
  }
  expect(await database.repository(RetentionRepository).deleteExpired()).toMatchObject({ apiKeys: 2 });
  const remaining = await database.rows<{ name: string }>('SELECT name FROM api_keys ORDER BY created_at');
  expect(remaining.map(({ name }) => name)).toEqual(keys.slice(0, 4).map(([name]) => name));
});

it('deletes an execution and its log 30 days after it finished, if it is settled', async () => {
  const { environmentId, projectId } = await createQueuedDeployment(database);
  const executions: [string, string, string][] = [
    ['queued', 'queued', 'NULL, NULL'],
    ['settled recently', 'cancelled', `now() - interval '29 days', now()`],
    ['not settled', 'cancelled', `now() - interval '31 days', NULL`],
    ['settled long ago', 'cancelled', `now() - interval '31 days', now()`],
  ];
  for (const [id, status, times] of executions) {
    await database.dataSource.query(
      `INSERT INTO executions (id, project_id, environment_id, requested_by, command, timeout_seconds, status,
         finished_at, settled_at) VALUES ($1, $2, $3, 'key', '{"true"}', 60, $4, ${times})`,
      [id, projectId, environmentId, status],
    );
    await database.dataSource.query(
      `INSERT INTO execution_logs (execution_id, writer, content) VALUES ($1, 1, '')`,
      [id],
    );
  }
  expect(await database.repository(RetentionRepository).deleteExpired()).toMatchObject({ executions: 1 });
  const remaining = await database.rows<{ id: string }>('SELECT execution_id AS id FROM execution_logs');
  expect(remaining.map(({ id }) => id)).toEqual(['queued', 'settled recently', 'not settled']);
});

it('deletes build logs as long after the end of their deployment as the plan or the account says', async () => {
  const { manager } = database.dataSource;
  const free = await insertAccount(manager, 'free');
  const own = await insertAccount(manager, 'free');
  await database.dataSource.query(`UPDATE accounts SET limits = '{"log_retention_days": 30}' WHERE id = $1`, [
    own,
  ]);
  const logs: [string, string, string, number | null][] = [
    ['running', free, 'queued', null],
    ['recent', free, 'cancelled', 13],
    ['old', free, 'cancelled', 15],
    ['kept longer', own, 'cancelled', 15],
    ['too old', own, 'cancelled', 31],
  ];
  const ids = new Map<string, string>();
  for (const [name, accountId, status, days] of logs) {
    const { id } = await createQueuedDeployment(database, {
      project: await insertProject(manager, { accountId }),
    });
    ids.set(id, name);
    await database.dataSource.query(
      `UPDATE deployments SET status = $2, finished_at = now() - make_interval(days => $3) WHERE id = $1`,
      [id, status, days],
    );
    await database.dataSource.query(
      `INSERT INTO deployment_logs (deployment_id, writer, content) VALUES ($1, 1, '')`,
      [id],
    );
  }
  expect(await database.repository(RetentionRepository).deleteExpired()).toMatchObject({ deploymentLogs: 2 });
  const remaining = await database.rows<{ id: string }>('SELECT deployment_id AS id FROM deployment_logs');
  expect(remaining.map(({ id }) => ids.get(id)).sort()).toEqual(['kept longer', 'recent', 'running']);
});

it('deletes the last output of versions that are no longer live after a week', async () => {
  const archives = database.repository(OutputArchivesRepository);
  const [live, replaced, recent] = await Promise.all(
    ['live', 'replaced', 'replaced'].map(async (status) => {
      const { id } = await createQueuedDeployment(database);
      await database.dataSource.query('UPDATE deployments SET status = $2 WHERE id = $1', [id, status]);
      await archives.save(id, 'app', Buffer.from('x'), '1');
      await archives.save(id, 'worker', Buffer.from('y'), '1');
      return id;
    }),
  );
  await database.dataSource.query(
    `UPDATE container_outputs SET archived_at = now() - interval '8 days' WHERE deployment_id <> $1`,
    [recent],
  );
  expect(await database.repository(RetentionRepository).deleteExpired()).toMatchObject({
    containerOutputs: 2,
  });
  const kept = await Promise.all([live, replaced, recent].map((id) => archives.find(id ?? '', 'worker')));
  expect(kept.map((content) => content !== null)).toEqual([true, false, true]);
});

it('keeps the last output that ends later, whichever worker archives last', async () => {
  const archives = database.repository(OutputArchivesRepository);
  const { id } = await createQueuedDeployment(database);
  const texts = async () => (await archives.find(id, 'app'))?.toString();
  await archives.save(id, 'app', Buffer.from('until 2'), '2');
  await archives.save(id, 'app', Buffer.from('until 1'), '1');
  expect(await texts()).toBe('until 2');
  await archives.save(id, 'app', Buffer.from('until 3'), '3');
  expect(await texts()).toBe('until 3');
  await archives.save('dep_of_nobody', 'app', Buffer.from('x'), '1');
  expect(await archives.find('dep_of_nobody', 'app')).toBeNull();
  await database.dataSource.query(
    `INSERT INTO output_archives (deployment_id, content, last_nanoseconds) VALUES ($1, 'of an earlier release', 4)`,
    [id],
  );
  expect(await texts()).toBe('of an earlier release');
  expect(await archives.find(id, 'worker')).toBeNull();
});

it('deletes deployment and environment events after 90 days', async () => {
  const { id, environmentId } = await createQueuedDeployment(database);
  for (const [table, column, subject] of [
    ['deployment_events', 'deployment_id', id],
    ['environment_events', 'environment_id', environmentId],
  ]) {
    await database.dataSource.query(
      `INSERT INTO ${table} (${column}, project_id, type, data, actor, at)
       SELECT $1, project_id, 'status', '{}', 'system', now() - make_interval(days => age)
       FROM ${table}, unnest(ARRAY[89, 91]) AS age WHERE ${column} = $1`,
      [subject],
    );
  }
  const deleted = await database.repository(RetentionRepository).deleteExpired();
  expect(deleted).toMatchObject({ deploymentEvents: 1, environmentEvents: 1 });
  expect(await database.rows('SELECT 1 FROM deployment_events WHERE deployment_id = $1', [id])).toHaveLength(
    2,
  );
});

it('deletes what a Git host said about a repository a day after its last project is gone', async () => {
  const { dataSource } = database;
  const kept = await insertProject(dataSource.manager);
  const gone = await insertProject(dataSource.manager);
  await dataSource.query(`UPDATE projects SET status = 'deleted', deleted_at = now() WHERE id = $1`, [
    gone.id,
  ]);
  const ago = (hours: number) => `now() - interval '${hours} hours'`;
  await dataSource.query(
    `INSERT INTO branch_lookups (repository_key, checked_at, not_before, heads) VALUES
       ($1, ${ago(25)}, NULL, '{main}'), ($2, ${ago(25)}, NULL, '{main}'), ('acme/failing', to_timestamp(0), ${ago(23)}, NULL),
       ('acme/checked', ${ago(23)}, NULL, '{main}'), ('acme/never', NULL, NULL, NULL)`,
    [kept.repositoryKey, gone.repositoryKey],
  );
  expect(await database.repository(RetentionRepository).deleteExpired()).toMatchObject({ branchLookups: 2 });
  const rows = await database.rows<{ key: string }>(
    'SELECT repository_key AS key FROM branch_lookups ORDER BY repository_key',
  );
  expect(rows.map(({ key }) => key)).toEqual(['acme/checked', 'acme/failing', kept.repositoryKey].sort());
});

it('deletes runs of builds 90 days after they were metered, and the figures of a day after 400 days', async () => {
  const runs: [string, string][] = [
    ['not metered', 'NULL'],
    ['metered recently', `now() - interval '89 days'`],
    ['metered long ago', `now() - interval '91 days'`],
  ];
  for (const [id, meteredAt] of runs) {
    await database.dataSource.query(
      `INSERT INTO build_runs (deployment_id, attempt, account_id, project_id, started_at, ended_at, metered_at)
       VALUES ($1, 1, 'account', 'project', now() - interval '1 year', now() - interval '1 year', ${meteredAt})`,
      [id],
    );
  }
  for (const days of [399, 402]) {
    await database.dataSource.query(
      `INSERT INTO build_usage (account_id, day, project_id, builds, seconds)
       VALUES ('account', (now() AT TIME ZONE 'UTC')::date - $1::integer, 'project', 1, 60)`,
      [days],
    );
  }
  expect(await database.repository(RetentionRepository).deleteExpired()).toMatchObject({
    buildRuns: 1,
    buildUsage: 1,
  });
  const left = await database.rows<{ id: string }>(
    'SELECT deployment_id AS id FROM build_runs ORDER BY id DESC',
  );
  expect(left.map(({ id }) => id)).toEqual(['not metered', 'metered recently']);
});
