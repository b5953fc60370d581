import { UnitOfWork } from '@nexos/database';
import type { AuditAction } from '@nexos/domain';
import { AuditRepository, recordAudit, withRequestOrigin } from '@nexos/state';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment, insertAccount } from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

const unitOfWork = () => new UnitOfWork(database.dataSource);
const linesOf = (subject: string) =>
  database.rows<Record<string, unknown>>(
    `SELECT action, actor, actor_name, address, request_id, account_id, before, after
     FROM audit_log WHERE subject = $1 ORDER BY seq`,
    [subject],
  );
const write = (subject: string, days = 0) =>
  database.dataSource.query(
    `INSERT INTO audit_log (action, actor, subject, at)
     VALUES ('project.update', 'system', $1, now() - make_interval(days => $2))`,
    [subject, days],
  );

describe('the audit log', () => {
  it.each([
    ['UPDATE', `UPDATE audit_log SET actor = 'somebody else'`],
    [
      'UPDATE',
      `INSERT INTO audit_log (seq, action, actor) OVERRIDING SYSTEM VALUE SELECT seq, action, actor FROM audit_log
       ON CONFLICT (seq) DO UPDATE SET actor = 'somebody else'`,
    ],
    ['DELETE', 'DELETE FROM audit_log'],
    ['TRUNCATE', 'TRUNCATE audit_log'],
    ['TRUNCATE', 'TRUNCATE audit_log, projects CASCADE'],
  ])('refuses %s: %s', async (operation, sql) => {
    await write('kept');
    const before = await database.rows('SELECT * FROM audit_log ORDER BY seq');
    await expect(database.dataSource.query(sql)).rejects.toThrow(
      `audit_log is append-only, so ${operation} is refused`,
    );
    expect(await database.rows('SELECT * FROM audit_log ORDER BY seq')).toEqual(before);
  });

  it('keeps lines for 30 days from statements that look like retention', async () => {
    await write('kept from imitations');
    const name = 'delete_expired_audit_records(integer,jsonb,integer)';
    await expect(
      database.dataSource.query(`DO $$ BEGIN DELETE FROM audit_log WHERE '${name}' <> ''; END $$`),
    ).rejects.toThrow('append-only');
    await expect(
      database.dataSource.transaction(async (manager) => {
        await manager.query(
          `CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT 'infinity'::timestamptz $$`,
        );
        await manager.query(
          `CREATE FUNCTION pg_temp.delete_expired_audit_records(integer, jsonb, integer) RETURNS void
           LANGUAGE plpgsql AS $$ BEGIN DELETE FROM audit_log; END $$`,
        );
        await manager.query('SET LOCAL search_path = pg_temp, public, pg_catalog');
        await manager.query(`SELECT pg_temp.delete_expired_audit_records(30, '{}', 1)`);
      }),
    ).rejects.toThrow(/append-only|keeps each line for 30 days/);
    await expect(
      database.dataSource.query(`DO $$ BEGIN EXECUTE 'DELETE FROM audit_log WHERE $q$
PL/pgSQL function ${name} line 1 at SQL statement$q$ <> '''''; END $$`),
    ).rejects.toThrow('keeps each line for 30 days');
    expect(await linesOf('kept from imitations')).toHaveLength(1);
  });

  it('refuses a deletion by another function, and by a session that turns triggers off for replicas', async () => {
    await write('kept by trigger');
    await database.dataSource.query(
      `CREATE FUNCTION delete_it_all() RETURNS void LANGUAGE sql AS 'DELETE FROM audit_log'`,
    );
    await expect(database.dataSource.query('SELECT delete_it_all()')).rejects.toThrow('append-only');
    await expect(
      database.dataSource.transaction(async (manager) => {
        await manager.query(`SET LOCAL session_replication_role = replica`);
        await manager.query('DELETE FROM audit_log');
      }),
    ).rejects.toThrow('append-only');
  });

  it('is deleted by retention after the days that are set, but never before 30 days', async () => {
    const ages: [string, number][] = [
      ['29 days', 29],
      ['31 days', 31],
      ['99 days', 99],
      ['101 days', 101],
    ];
    for (const [subject, days] of ages) await write(subject, days);
    const audit = database.repository(AuditRepository);
    const left = async () =>
      (
        await database.rows<{ subject: string }>(`SELECT subject FROM audit_log WHERE subject LIKE '%days'`)
      ).map(({ subject }) => subject);
    expect(await audit.deleteExpired(100)).toBe(1);
    expect((await left()).sort()).toEqual(['29 days', '31 days', '99 days']);
    expect(await audit.deleteExpired(1)).toBe(2);
    expect(await left()).toEqual(['29 days']);
  });

  it('is kept for the days of the plan, or for those that an operator has set for the account', async () => {
    const { manager } = database.dataSource;
    const free = await insertAccount(manager, 'free');
    const own = await insertAccount(manager, 'free');
    await manager.query(`UPDATE accounts SET limits = '{"audit_retention_days": 200}' WHERE id = $1`, [own]);
    const ages: [string, string, number][] = [
      ['kept', free, 89],
      ['expired', free, 91],
      ['kept longer', own, 199],
      ['too old', own, 201],
    ];
    for (const [subject, account, days] of ages) {
      await manager.query(
        `INSERT INTO audit_log (account_id, action, actor, subject, at)
         VALUES ($1, 'project.update', 'system', $2, now() - make_interval(days => $3))`,
        [account, subject, days],
      );
    }
    expect(await database.repository(AuditRepository).deleteExpired(365)).toBe(2);
    const left = await database.rows<{ subject: string }>(
      'SELECT subject FROM audit_log WHERE account_id = ANY($1) ORDER BY seq',
      [[free, own]],
    );
    expect(left.map(({ subject }) => subject)).toEqual(['kept', 'kept longer']);
  });

  it('has no line of a transaction that fails', async () => {
    const failing = unitOfWork().run(async (transaction) => {
      await recordAudit(transaction, { action: 'project.update', subject: 'rolled back' });
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    expect(await linesOf('rolled back')).toEqual([]);
  });
});

describe('a line of the audit log', () => {
  const origin = (writes: AuditAction[]) => ({
    address: '192.0.2.7',
    requestId: 'request-1',
    caller: { accountId: 'user_1', credentialId: 'key_1', name: 'ci' },
    writes,
  });

  it('names the key, the address and the request', async () => {
    await withRequestOrigin(origin(['project.update']), () =>
      unitOfWork().run((transaction) =>
        recordAudit(transaction, {
          action: 'project.update',
          subject: 'named',
          before: { a: 1 },
          after: { a: 2 },
        }),
      ),
    );
    expect(await linesOf('named')).toEqual([
      {
        action: 'project.update',
        actor: 'key_1',
        actor_name: 'ci',
        address: '192.0.2.7',
        request_id: 'request-1',
        account_id: 'user_1',
        before: { a: 1 },
        after: { a: 2 },
      },
    ]);
  });

  it('is refused in a request of a route that does not declare its action', async () => {
    const undeclared = withRequestOrigin(origin(['project.create']), () =>
      unitOfWork().run((transaction) =>
        recordAudit(transaction, { action: 'project.update', subject: 'undeclared' }),
      ),
    );
    await expect(undeclared).rejects.toThrow('does not declare that it writes project.update');
    expect(await linesOf('undeclared')).toEqual([]);
  });

  it('is small, whatever changed', async () => {
    const long = {
      command: ['echo', `${'a'.repeat(999)}😀b`, ...Array<string>(100).fill('ü'.repeat(4_096))],
    };
    await unitOfWork().run((transaction) =>
      recordAudit(transaction, { action: 'execution.create', subject: 'long', before: long, after: long }),
    );
    const [row] = await database.rows<{ bytes: number }>(
      `SELECT octet_length(before::text) + octet_length(after::text) AS bytes FROM audit_log WHERE subject = 'long'`,
    );
    expect(row?.bytes).toBeLessThan(20_000);
  });

  it('is written for each change of status, whoever makes it', async () => {
    const { id, environmentId } = await createQueuedDeployment(database);
    const [created] = await linesOf(id);
    expect(created).toMatchObject({ action: 'deployment.create', before: null, after: { status: 'queued' } });
    expect(created?.account_id).toMatch(/^user_/);
    expect((await linesOf(environmentId)).map(({ action }) => action)).toContain('environment.create');
  });
});
