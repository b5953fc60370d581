import { newId } from '@nexos/domain';
import { type AuditFilter, AuditReader } from '@nexos/state';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';

const ACCOUNT = newId('account');
const BUSY = newId('account');
const PROJECT = newId('project');
const KEY = newId('apiKey');
/** What one step may look at. */
const LOOKS = 5_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  // One line of a quiet account, then many of a busy one.
  await database.dataSource.query(
    `INSERT INTO audit_log (account_id, project_id, action, actor, subject, address)
     VALUES ($1, $2, 'project.update', $3, $2, '192.0.2.7')`,
    [ACCOUNT, PROJECT, KEY],
  );
  await database.dataSource.query(
    `INSERT INTO audit_log (account_id, action, actor, subject, address)
     SELECT $1, 'env_var.put', 'system', 'subject' || number, '198.51.100.1' FROM generate_series(1, 20000) number`,
    [BUSY],
  );
  await database.dataSource.query('ANALYZE audit_log');
});
afterAll(() => database.drop());

const reader = () => database.repository(AuditReader);

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Returns how many rows of the log a plan read. */
function rowsRead(node: PlanNode): number {
  const own = node['Node Type'].includes('Scan') && node['Node Type'] !== 'Subquery Scan';
  const read = own ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'] : 0;
  return (node.Plans ?? []).reduce((sum, one) => sum + rowsRead(one), read);
}

/** Reads a step, and returns it with the most rows that one of its queries read. */
async function measuredStep(filter: AuditFilter, cursor?: string) {
  const query = vi.spyOn(database.dataSource.manager, 'query');
  const step = await reader().step(filter, { limit: 50, cursor });
  const calls = query.mock.calls.map(([sql, values]) => ({ sql, values }));
  query.mockRestore();
  let most = 0;
  for (const { sql, values } of calls) {
    const [row] = await database.dataSource.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }[]>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      values as unknown[],
    );
    const plan = row?.['QUERY PLAN'][0]?.Plan;
    if (plan === undefined) throw new Error('no plan');
    most = Math.max(most, rowsRead(plan));
  }
  expect(calls.length).toBeGreaterThan(0);
  return { ...step, most };
}

describe('a step through the audit log', () => {
  it.each<[string, AuditFilter]>([
    ['account', { accountId: ACCOUNT }],
    ['project', { projectId: PROJECT }],
    ['actor', { actor: KEY }],
    ['subject', { subject: PROJECT }],
    ['address', { address: '192.0.2.7' }],
    ['action', { action: 'project.update' }],
    ['account and key', { accountId: BUSY, actor: KEY }],
  ])('finds the few lines of one %s without reading others', async (_, filter) => {
    const { lines, next, most } = await measuredStep(filter);
    expect(lines.map(({ subject }) => subject)).toEqual(filter.accountId === BUSY ? [] : [PROJECT]);
    expect(next).toBeNull();
    expect(most).toBeLessThanOrEqual(1);
  });

  it.each<[string, AuditFilter]>([
    ['an address in the log of a busy account', { accountId: BUSY, address: '192.0.2.7' }],
    ['an action of a busy actor', { actor: 'system', action: 'project.update' }],
    ['projects in the log of a busy account', { accountId: BUSY, projectIds: [PROJECT] }],
    ['a time that many lines are before', { since: new Date(Date.now() + 60_000) }],
  ])('reads a limited number of rows to look for %s', async (_, filter) => {
    let steps = 0;
    for (let cursor: string | undefined; ; steps++) {
      const { lines, next, most } = await measuredStep(filter, cursor);
      expect(lines).toEqual([]);
      expect(most).toBeLessThanOrEqual(LOOKS);
      if (next === null) break;
      cursor = next;
    }
    expect(steps).toBeGreaterThanOrEqual(3);
  });

  it('finds all lines of a time, also if they were written after later ones', async () => {
    const [{ at } = { at: new Date() }] = await database.rows<{ at: Date }>(
      'SELECT at FROM audit_log ORDER BY seq LIMIT 1',
    );
    const since = new Date(at.getTime() - 1);
    const until = new Date(at.getTime() + 1);
    const { lines } = await reader().step({ accountId: ACCOUNT, since, until }, { limit: 50 });
    expect(lines.map(({ subject }) => subject)).toEqual([PROJECT]);
    expect((await reader().step({ accountId: ACCOUNT, until: since }, { limit: 50 })).lines).toEqual([]);
  });

  it('continues where the last one ended', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined; seen.length < 120;) {
      const { lines, next } = await reader().step({ accountId: BUSY }, { limit: 40, cursor });
      seen.push(...lines.map(({ subject }) => subject ?? ''));
      cursor = next ?? undefined;
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => `subject${20_000 - n}`));
  });
});

describe('the time until which the log is complete', () => {
  it('is before any line that a transaction may still add', async () => {
    const other = await database.connectAnother();
    const writer = other.createQueryRunner();
    try {
      await writer.startTransaction();
      const [{ now }] = (await writer.query('SELECT now()')) as [{ now: Date }];
      await eventually('more time than the margin', async () => {
        const [row] = await database.rows<{ later: boolean }>(
          `SELECT now() - interval '1.1 seconds' > $1 AS later`,
          [now],
        );
        return row?.later === true ? true : undefined;
      });
      const settled = await reader().settledUntil();
      expect(settled.getTime()).toBeLessThanOrEqual(now.getTime());
      await writer.commitTransaction();
      expect((await reader().settledUntil()).getTime()).toBeGreaterThan(now.getTime());
    } finally {
      await writer.release();
      await other.destroy();
    }
  });
});
