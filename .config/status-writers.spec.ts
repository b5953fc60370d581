import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { statusWriters } from './status-writers.js';

const linter = new Linter();
const problemsOf = (code: string) =>
  linter.verify(code, [
    {
      languageOptions: { parser: tseslint.parser },
      plugins: { nexos: statusWriters },
      rules: { 'nexos/no-status-writes': 'error' },
    },
  ]);

describe('no-status-writes', () => {
  it.each([
    ['an UPDATE', "query(`UPDATE deployments SET status = 'failed' WHERE id = $1`)"],
    ['an UPDATE with an alias', "query(`UPDATE deployments AS d SET finished_at = now(), status='failed'`)"],
    [
      'an UPDATE on several lines',
      "query(`update environments e\n set lease_until = NULL,\n status = 'paused'`)",
    ],
    [
      'an UPDATE within WITH',
      "query(`WITH x AS (UPDATE projects SET status = 'deleted' RETURNING id) SELECT 1`)",
    ],
    [
      'an UPDATE of several columns at once',
      "query(`UPDATE executions SET (status, exit_code) = ('exited', 0)`)",
    ],
    ['a CASE', "query(`UPDATE environments SET status = CASE WHEN a THEN 'running' ELSE status END`)"],
    ['an UPDATE of quoted names', `query('UPDATE "deployments" SET "status" = $1')`],
    ['an UPDATE in two strings', `query('UPDATE deployments ' + "SET status = 'failed'")`],
    ['an UPDATE of any table', 'query(`UPDATE ${table} SET status = $1`)'],
    ['an UPDATE of any columns', 'query(`UPDATE deployments SET ${columns} WHERE id = $1`)'],
    ['an INSERT', 'query(`INSERT INTO deployments (id, status) SELECT 1`)'],
    ['an UPDATE of an approval', "query(`UPDATE fork_approvals SET status = 'withdrawn' WHERE id = $1`)"],
    ['an INSERT of an approval', 'query(`INSERT INTO fork_approvals AS known (review_id) VALUES ($1)`)'],
    ['an UPDATE of an installation', "query(`UPDATE github_installations SET status = 'removed'`)"],
    [
      'an INSERT of a project with a status',
      "query(`INSERT INTO projects (id, status) VALUES ($1, 'deleted')`)",
    ],
    [
      'a query builder',
      "manager.createQueryBuilder().update(ProjectEntity).set({ ...x, status: 'deleting' })",
    ],
    ['an update by an entity manager', "manager.update(DeploymentEntity, id, { status: 'failed' })"],
    ['an update of values from elsewhere', 'manager.update(EnvironmentEntity, { id }, values)'],
    ['an update of a computed column', 'manager.update(EnvironmentEntity, id, { [column]: value })'],
    ['an insert by an entity manager', 'manager.insert(ExecutionEntity, row)'],
    [
      'an insert by a query builder',
      'manager.createQueryBuilder().insert().into(EnvironmentEntity).values(row)',
    ],
    ['a save', 'manager.save(DeploymentEntity, deployment)'],
    ['a save of a row', 'manager.save(deployment)'],
    ['values from elsewhere by a query builder', 'builder.update(DeploymentEntity).where(a).set(values)'],
    ['an upsert', "manager.upsert(EnvironmentEntity, row, ['id'])"],
  ])('refuses %s', (_, code) => {
    expect(problemsOf(code).map(({ ruleId }) => ruleId)).toEqual(['nexos/no-status-writes']);
  });

  it.each([
    [
      'a condition',
      "query(`UPDATE deployments SET lease_until = now() WHERE id = $1 AND status = 'building'`)",
    ],
    ['a condition within a value', "query(`UPDATE environments SET a = CASE WHEN status = 'x' THEN 1 END`)"],
    [
      'a subquery within a value',
      "query(`UPDATE environments SET a = (SELECT 1 FROM b WHERE status = 'x')`)",
    ],
    ['another table', 'query(`UPDATE idempotency_keys SET status = 200 WHERE key = $1`)'],
    ['another column of any table', 'query(`UPDATE ${table} SET lease_owner = $1`)'],
    ['any column of any table', 'query(`UPDATE ${table} SET ${column} = $1`)'],
    ['a SELECT', "query(`SELECT status FROM deployments WHERE status = 'live'`)"],
    ['an insert of a project', 'manager.createQueryBuilder().insert().into(ProjectEntity).values(row)'],
    ['other columns by a query builder', 'builder.update(ProjectEntity).set({ ...columns, updatedAt })'],
    ['other columns by an entity manager', 'manager.update(ProjectEntity, id, { installationId })'],
    ['another entity', "manager.update(NodeEntity, id, { status: 'down' })"],
    ['a save by a repository', 'this.rows.save(variable)'],
    ['a save of another entity', 'manager.save(NodeEntity, node)'],
    ['values of another entity by a query builder', 'builder.update(NodeEntity).set(values)'],
    ['a set', 'seen.set(values)'],
    ['a map', "map.set('status', { status: 1 })"],
    ['plain text', "log('the environments are set to a status')"],
  ])('accepts %s', (_, code) => {
    expect(problemsOf(code)).toEqual([]);
  });
});
