import { AuditRepository, RetentionRepository } from '@nexos/state';
import { NO_COMMIT } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment, insertAccount, insertProject } from '../../support/rows.js';

const MONTH_DAYS = 30;
/** Pushes a day to `main`, and branches a day that are opened and deleted again, each with as many pushes. */
const PUSHES = 4;
const BRANCHES = 2;
/** The audit log is kept for as many days as the operator says. */
const AUDIT_KEPT_DAYS = 60;

let database: TestDatabase;
let live: { id: string; environmentId: string; projectId: string };
let accountId: string;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  accountId = await insertAccount(database.dataSource.manager, 'free');
  live = await createQueuedDeployment(database, {
    project: await insertProject(database.dataSource.manager, { accountId }),
  });
  await sql(
    `UPDATE deployments SET status = 'live', started_at = now(), finished_at = now(), live_at = now()`,
  );
  await sql(`UPDATE environments SET status = 'running', live_deployment_id = $1`, [live.id]);
});
afterAll(() => database.drop());

const sql = (text: string, parameters: unknown[] = []) => database.dataSource.query(text, parameters);

/** Moves the clock: all times in the database become older. */
async function passMonth(): Promise<void> {
  const columns = await database.rows<{ table: string; column: string }>(
    `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
     JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type IN ('timestamp with time zone', 'date')
       AND table_name NOT IN ('migrations', 'audit_log')`,
  );
  for (const { table, column } of columns) {
    await sql(`UPDATE ${table} SET ${column} = ${column} - interval '${MONTH_DAYS} days'`);
  }
}

/** Adds copies of a row, with some columns changed, for each row of `from`. */
async function copies(table: string, of: string, changes: string, from: string): Promise<void> {
  await sql(
    `INSERT INTO ${table} SELECT made.* FROM (SELECT to_jsonb(one) AS row FROM ${table} one WHERE ${of}) template, ${from},
       jsonb_populate_record(NULL::${table}, template.row || jsonb_strip_nulls(${changes})) AS made`,
  );
}

/** Leaves the rows of a month that has just passed. */
async function leaveTraffic(month: number): Promise<void> {
  const days = `generate_series(1, ${MONTH_DAYS}) AS day`;
  const pushes = `${days}, generate_series(1, ${PUSHES}) AS number`;
  const branches = `${days}, generate_series(1, ${BRANCHES}) AS branch`;
  const ago = `now() - make_interval(days => day)`;
  const name = (what: string) => `format('${what}-${month}-%s-%s', day, branch)`;
  await copies(
    'environments',
    `id = '${live.environmentId}'`,
    `jsonb_build_object('id', ${name('env')}, 'branch', ${name('branch')}, 'hostname', ${name('host')}, 'status', 'destroyed',
       'desired_state', 'destroyed', 'destroyed_at', ${ago}) || '{"live_deployment_id": null}'`,
    branches,
  );
  await sql(`UPDATE environments SET live_deployment_id = NULL WHERE status = 'destroyed'`);
  const deployment = (environment: string, branch: string) =>
    `jsonb_build_object('id', format('dep_0-${month}-%s-%s-%s', day, number, ${branch}), 'environment_id', ${environment},
       'status', 'replaced', 'image_id', 'sha256:1', 'image_removed_at', ${ago}, 'queued_at', ${ago}, 'finished_at', ${ago})`;
  const template = `id = '${live.id}'`;
  await copies('deployments', template, deployment(`'${live.environmentId}'`, `''`), pushes);
  await copies(
    'deployments',
    template,
    deployment(name('env'), 'branch'),
    `${branches}, generate_series(1, ${PUSHES}) AS number`,
  );
  await sql(
    `UPDATE environments SET latest_deployment_id = deployment.id, desired_deployment_id = deployment.id
     FROM deployments deployment WHERE deployment.environment_id = environments.id AND environments.status = 'destroyed'`,
  );
  await sql(
    `INSERT INTO deployment_logs (deployment_id, writer, content)
     SELECT id, 1, 'x' FROM deployments WHERE id LIKE 'dep_0-${month}-%'`,
  );
  for (const [table, column, subject] of [
    ['deployment_events', 'deployment_id', 'id'],
    ['environment_events', 'environment_id', 'environment_id'],
  ]) {
    await sql(
      `INSERT INTO ${table ?? ''} (${column ?? ''}, project_id, type, data, actor, at)
       SELECT ${subject ?? ''}, project_id, 'status', '{}', 'system', finished_at FROM deployments WHERE id LIKE 'dep_0-${month}-%'`,
    );
  }
  await sql(
    `INSERT INTO build_runs (deployment_id, attempt, account_id, project_id, started_at, ended_at, metered_at)
     SELECT id, 1, $1, project_id, queued_at, finished_at, finished_at FROM deployments WHERE id LIKE 'dep_0-${month}-%'`,
    [accountId],
  );
  await sql(
    `INSERT INTO executions (id, project_id, environment_id, deployment_id, requested_by, command, timeout_seconds, status,
       finished_at, settled_at)
     SELECT 'exec-' || id, project_id, environment_id, id, 'key', '{"true"}', 60, 'cancelled', finished_at, finished_at
     FROM deployments WHERE id ~ '^dep_0-${month}-[0-9]+-1-'`,
  );
  await sql(
    `INSERT INTO branches (project_id, name, head_sha, before_sha, pushed_at)
     SELECT $1, ${name('branch')}, $2, $2, ${ago} FROM ${branches}`,
    [live.projectId, NO_COMMIT],
  );
  await sql(
    `INSERT INTO hostnames (hostname, account_id, released_at) SELECT ${name('host')}, $1, ${ago} FROM ${branches}`,
    [accountId],
  );
  await sql(
    `INSERT INTO webhook_deliveries (id, event, outcome, received_at)
     SELECT format('delivery-${month}-%s-%s', day, number), 'push', 'deployed', ${ago} FROM ${pushes}`,
  );
  await sql(
    `INSERT INTO idempotency_keys (account_id, key, fingerprint, created_at)
     SELECT $1, format('${month}-%s-%s', day, number), 'x', ${ago} FROM ${pushes}`,
    [accountId],
  );
  await sql(
    `INSERT INTO sessions (id, account_id, expires_at) SELECT format('${month}-%s-%s', day, number), $1, ${ago} FROM ${pushes}`,
    [accountId],
  );
}

async function counts(): Promise<Record<string, number>> {
  const tables = await database.rows<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
  );
  const found: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await database.rows<{ count: number }>(`SELECT count(*)::integer AS count FROM ${name}`);
    found[name] = row?.count ?? 0;
  }
  return found;
}

describe('an installation that is used for months', () => {
  it('has as many rows after the fifth month as after the fourth, and keeps what is live', async () => {
    const after: Record<string, number>[] = [];
    for (let month = 1; month <= 5; month++) {
      await passMonth();
      await leaveTraffic(month);
      await database.repository(RetentionRepository).deleteExpired();
      await database.repository(AuditRepository).deleteExpired(AUDIT_KEPT_DAYS);
      after.push(await counts());
    }
    expect(after[4]).toEqual(after[3]);
    expect(after[0]?.deployments).toBeGreaterThan(100);
    const kept = await database.rows('SELECT 1 FROM deployments WHERE environment_id = $1', [
      live.environmentId,
    ]);
    expect(kept.length).toBeGreaterThanOrEqual(50);
    expect(kept.length).toBeLessThan(PUSHES * MONTH_DAYS);
    expect(await database.rows('SELECT status FROM deployments WHERE id = $1', [live.id])).toEqual([
      { status: 'live' },
    ]);
  });
});
