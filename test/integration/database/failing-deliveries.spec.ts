import { randomUUID } from 'node:crypto';
import { type ProjectEntity } from '@nexos/database';
import { NO_COMMIT } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type PushFields, Inbox } from '../../support/inbox.js';
import { insertProject, at, deploymentsOf, jobsAbout, push, sha } from '../../support/rows.js';

const ATTEMPTS = 3;
/** A commit whose deployment the database rejects. */
const POISON = sha(666);

let database: TestDatabase;
let inbox: Inbox;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  inbox = new Inbox(database.dataSource, { attempts: ATTEMPTS });
  await database.dataSource.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$`);
  await database.dataSource.query(`
    CREATE TRIGGER poison BEFORE INSERT ON deployments FOR EACH ROW WHEN (NEW.commit_sha = '${POISON}')
    EXECUTE FUNCTION refuse()`);
});
afterAll(() => database.drop());

let project: ProjectEntity;
let poison: string;
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
  await push(database.unitOfWork, project, { before: NO_COMMIT, after: sha(1), at: at(1) });
  poison = randomUUID();
  await accept({ id: poison, after: POISON });
});
const accept = (given: Partial<PushFields> = {}) =>
  inbox.accept({ repository: project.githubRepo, ...given });
const processNext = () => inbox.processNext(project.githubRepo);
const nextAttempt = () =>
  eventually('the next attempt to be due', async () => {
    const step = await processNext();
    return step.kind === 'rest' ? undefined : step;
  });
const commits = async () => (await deploymentsOf(database, project.id)).map(({ commitSha }) => commitSha);

describe('failed processing of a delivery', () => {
  it('records only the attempt and the error of a failed delivery and enqueues the next attempt', async () => {
    const heads = () => database.rows('SELECT head_sha FROM branches WHERE project_id = $1', [project.id]);
    const before = await heads();
    expect(await processNext()).toEqual({ kind: 'retried' });
    expect(await inbox.find(poison)).toMatchObject({
      outcome: 'accepted',
      attempts: 1,
      error: expect.stringContaining('poison') as string,
      processedAt: null,
    });
    expect(await heads()).toEqual(before);
    expect(await commits()).toEqual([sha(1)]);
    const jobs = await jobsAbout(database, project.repositoryKey);
    expect(jobs).toEqual(['process-deliveries', 'process-deliveries']);
  });

  it('fails a delivery with its error after the last attempt and goes on with the next one', async () => {
    const next = randomUUID();
    await accept({ id: next, before: POISON, after: sha(3), second: 3 });
    await processNext();
    // The next delivery waits for its turn.
    expect(await inbox.find(next)).toMatchObject({ outcome: 'accepted', attempts: 0 });
    for (let attempt = 2; attempt <= ATTEMPTS; attempt++) await nextAttempt();
    expect(await inbox.find(poison)).toMatchObject({
      outcome: 'failed',
      reason: 'error',
      attempts: ATTEMPTS,
      error: expect.stringContaining('poison') as string,
      processedAt: expect.any(Date) as Date,
      results: [{ projectId: project.id, outcome: 'failed', reason: 'error', deploymentId: null }],
    });
    await inbox.drain(project.githubRepo);
    expect(await inbox.find(next)).toMatchObject({ outcome: 'deployed' });
    expect(await commits()).toEqual([sha(1), sha(3)]);
  });

  it('fails a delivery with an unreadable body at once and goes on with the next one', async () => {
    await database.dataSource.query(`UPDATE webhook_deliveries SET body = 'x' WHERE id = $1`, [poison]);
    const next = randomUUID();
    await accept({ id: next, after: sha(3), second: 3 });
    await inbox.drain(project.githubRepo);
    expect(await inbox.find(poison)).toMatchObject({
      outcome: 'failed',
      attempts: 1,
      error: expect.stringContaining('UnreadableDeliveryError') as string,
    });
    expect(await inbox.find(next)).toMatchObject({ outcome: 'deployed' });
  });

  it('accepts a failed delivery again under the same id and keeps its place in the order', async () => {
    await database.dataSource.query(`UPDATE webhook_deliveries SET body = 'x' WHERE id = $1`, [poison]);
    expect(await accept({ id: poison, after: sha(2) })).toEqual([false]);
    await inbox.drain(project.githubRepo);
    const later = { repository: project.githubRepo, before: sha(2), after: sha(3), second: 3 };
    const again = { repository: project.githubRepo, id: poison, after: sha(2) };
    expect(await inbox.accept(later, again, again)).toEqual([true, true, false]);
    expect(await inbox.find(poison)).toMatchObject({
      outcome: 'accepted',
      reason: null,
      error: null,
      attempts: 0,
      processedAt: null,
      results: [],
    });
    await inbox.drain(project.githubRepo);
    expect(await inbox.find(poison)).toMatchObject({ outcome: 'deployed', attempts: 1 });
    expect(await commits()).toEqual([sha(1), sha(2), sha(3)]);
    expect(await accept({ id: poison, after: sha(2) })).toEqual([false]);
  });

  it('fails an unreadable delivery without waiting for a locked project', async () => {
    await database.dataSource.query('UPDATE webhook_deliveries SET body = NULL WHERE id = $1', [poison]);
    const busy = await database.connectAnother();
    await busy.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM projects WHERE id = $1 FOR NO KEY UPDATE', [project.id]);
      expect(await processNext()).toMatchObject({ kind: 'processed', outcome: 'failed' });
    });
    await busy.destroy();
    expect(await inbox.find(poison)).toMatchObject({
      outcome: 'failed',
      results: [{ projectId: project.id, outcome: 'failed', reason: 'error', deploymentId: null }],
    });
  });

  it('counts waiting deliveries and reports the age of the oldest', async () => {
    const { waiting } = await inbox.deliveries.backlog();
    const id = randomUUID();
    await accept({ id });
    await database.dataSource.query(
      `UPDATE webhook_deliveries SET received_at = now() - interval '2 hours' WHERE id = $1`,
      [id],
    );
    const backlog = await inbox.deliveries.backlog();
    expect(backlog.waiting).toBe(waiting + 1);
    expect(backlog.oldestSeconds).toBeGreaterThanOrEqual(7_200);
  });

  it('does not hold up the deliveries of other repositories', async () => {
    const other = await insertProject(database.dataSource.manager);
    await processNext();
    expect(await inbox.acceptAndDrain({ repository: other.githubRepo })).toMatchObject({
      outcome: 'deployed',
    });
  });

  it('counts an attempt once when two processes fail at the same moment', async () => {
    await Promise.allSettled([processNext(), processNext()]);
    expect((await inbox.find(poison)).attempts).toBe(1);
  });

  it('deploys a delivery on a later attempt once the cause of the failure is gone', async () => {
    await processNext();
    await database.dataSource.query('ALTER TABLE deployments DISABLE TRIGGER poison');
    try {
      await nextAttempt();
    } finally {
      await database.dataSource.query('ALTER TABLE deployments ENABLE TRIGGER poison');
    }
    expect(await inbox.find(poison)).toMatchObject({ outcome: 'deployed', attempts: 2, error: null });
    expect(await commits()).toEqual([sha(1), POISON]);
  });

  it('stores an error of at most 500 characters', async () => {
    const text = 'x'.repeat(2_000);
    await database.dataSource.query(
      `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison ${text}'; END $$`,
    );
    await processNext();
    const { error } = await inbox.find(poison);
    expect(error).toContain('poison');
    expect(error?.length).toBeLessThanOrEqual(500);
  });
});

describe('a crash of the worker', () => {
  const crash = () => inbox.countCrash(project.githubRepo);

  it('makes a delivery due at once after its worker crashed and counts the attempt', async () => {
    expect(await crash()).toEqual({ kind: 'retried' });
    expect(await inbox.find(poison)).toMatchObject({
      outcome: 'accepted',
      attempts: 1,
      error: 'The worker crashed while processing the delivery.',
    });
    expect(await inbox.deliveries.isAnyDue(project.repositoryKey)).toBe(true);
  });

  it('fails a delivery whose worker crashed on the last attempt and goes on with the next one', async () => {
    const next = randomUUID();
    await accept({ id: next, after: sha(3), second: 3 });
    for (let attempt = 1; attempt < ATTEMPTS; attempt++) await crash();
    expect(await crash()).toEqual({ kind: 'processed', id: poison, event: 'push', outcome: 'failed' });
    await inbox.drain(project.githubRepo);
    expect(await inbox.find(poison)).toMatchObject({ outcome: 'failed', attempts: ATTEMPTS });
    expect(await inbox.find(next)).toMatchObject({ outcome: 'deployed' });
    expect(await crash()).toEqual({ kind: 'rest' });
  });
});

describe('DeliveriesRepository.findStalled', () => {
  const found = (after = '', limit = 1_000) => inbox.deliveries.findStalled(0, after, limit);

  it('skips a repository whose first delivery waits for its next attempt, even if others wait behind it', async () => {
    await accept({ before: POISON, after: sha(3), second: 3 });
    expect(await found()).toContain(project.repositoryKey);
    expect(await inbox.deliveries.isAnyDue(project.repositoryKey)).toBe(true);
    const slow = new Inbox(database.dataSource, { retryMs: 60_000 });
    expect(await slow.processNext(project.githubRepo)).toEqual({ kind: 'retried' });
    expect(await found()).not.toContain(project.repositoryKey);
    expect(await inbox.deliveries.isAnyDue(project.repositoryKey)).toBe(false);
  });

  it('returns every repository, in pages', async () => {
    for (let n = 0; n < 3; n++) await inbox.accept({ repository: `acme/zz-${n}-${randomUUID()}` });
    const all = await found();
    expect(all.length).toBeGreaterThan(3);
    const paged: string[] = [];
    for (;;) {
      const some = await found(paged.at(-1), 2);
      paged.push(...some);
      if (some.length < 2) break;
    }
    expect(paged).toEqual(all);
  });
});

describe('an unreachable or busy database', () => {
  it('counts no attempt while the database is unreachable', async () => {
    const other = await database.connectAnother();
    const unreachable = new Inbox(other);
    await other.destroy();
    await expect(unreachable.processNext(project.githubRepo)).rejects.toThrow();
    expect(await inbox.find(poison)).toMatchObject({ outcome: 'accepted', attempts: 0, error: null });
  });

  it('treats lock timeouts, deadlocks and serialization failures as contention, not as attempts', async () => {
    const refuse = (code: string) =>
      database.dataSource.query(
        `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
         AS $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '${code}'; END $$`,
      );
    for (const code of ['55P03', '40P01', '40001']) {
      await refuse(code);
      expect(await processNext()).toEqual({ kind: 'contended' });
    }
    expect(await inbox.find(poison)).toMatchObject({ outcome: 'accepted', attempts: 0, error: null });
  });

  it('counts no attempt when the database closes the connection midway', async () => {
    const id = randomUUID();
    const other = await insertProject(database.dataSource.manager);
    await inbox.accept({ id, repository: other.githubRepo });
    const otherDataSource = await database.connectAnother();
    const busy = database.dataSource.createQueryRunner();
    await busy.connect();
    await busy.startTransaction();
    await busy.query('SELECT 1 FROM projects WHERE id = $1 FOR UPDATE', [other.id]);
    const processing = new Inbox(otherDataSource).processNext(other.githubRepo);
    const failed = expect(processing).rejects.toThrow();
    const pid = await eventually('the delivery to wait for its project', async () => {
      const [row] = await database.rows<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return row?.pid;
    });
    await database.dataSource.query('SELECT pg_terminate_backend($1)', [pid]);
    await failed;
    await busy.rollbackTransaction();
    await busy.release();
    await otherDataSource.destroy();
    expect(await inbox.find(id)).toMatchObject({ outcome: 'accepted', attempts: 0, error: null });
    await inbox.drain(other.githubRepo);
    expect(await inbox.find(id)).toMatchObject({ outcome: 'deployed', attempts: 1 });
  });
});
