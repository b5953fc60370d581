import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { requestAction, untilEnvironmentHasStatus } from '../support/nexos/act.js';
import type { DatabaseBackup, Environment } from '../support/nexos/api-client.js';
import { NO_RESOURCES } from '../support/nexos/deploying-installation.js';
import { SharedStack } from '../support/nexos/shared-stack.js';
import { ask, newVersion, statefulApp } from '../support/nexos/stateful-app.js';
import { forbiddenRedisCommands } from '../support/nexos/redis-commands.js';
import { TestProject } from '../support/nexos/test-project.js';

describe("an environment's database, Redis and bucket", () => {
  let nexos: SharedStack;
  let project: TestProject;
  let main: Environment;
  let other: Environment;

  beforeAll(async () => {
    nexos = await SharedStack.enter();
    project = await TestProject.create(nexos, {
      services: { postgres: true, redis: true, s3: true },
      memory_mb: 128,
    });
    expect(await project.deploy(statefulApp('one'))).toMatchObject({ status: 'live' });
    expect(await project.deploy(statefulApp('two'), { branch: 'other' })).toMatchObject({ status: 'live' });
    main = await project.environment('main');
    other = await project.environment('other');
  });
  afterAll(() => nexos.leave());

  const readNote = (environment: Environment) =>
    ask(environment, { s3: ['GetObject', { Key: 'folder/note' }] });
  const ofProject = () => `dev.nexos.project=${project.id}`;
  const shared = (kind: string) => nexos.services(ofProject(), `dev.nexos.service=${kind}`);

  it('keeps what the app writes', async () => {
    await ask(main, { sql: 'CREATE TABLE notes (text text)' });
    await ask(main, { sql: `INSERT INTO notes VALUES ('kept')` });
    expect(await ask(main, { sql: 'SELECT text FROM notes' })).toEqual({ value: [{ text: 'kept' }] });
    expect(await ask(main, { redis: ['SET', 'note', 'kept'] })).toEqual({ value: 'OK' });
    expect(await ask(main, { redis: ['GET', 'note'] })).toEqual({ value: 'kept' });
    await ask(main, { s3: ['PutObject', { Key: 'folder/note', Body: 'kept' }] });
    expect(await readNote(main)).toEqual({ value: 'kept' });
    const bucket = await ask(main, { env: 'S3_BUCKET' });
    expect(bucket).toEqual({ value: main.id.replace('_', '-') });
  });

  it("denies all access from the project's other environments", async () => {
    expect(await ask(other, { sql: 'SELECT text FROM notes' })).toEqual({
      error: 'relation "notes" does not exist',
    });
    expect(await ask(other, { redis: ['GET', 'note'] })).toEqual({ value: null });
    const { value } = await ask(other, { env: 'DATABASE_URL' });
    const own = new URL(String(value));
    for (const name of [main.id, 'postgres', 'template1']) {
      const url = new URL(own);
      url.pathname = `/${name}`;
      const { error } = await ask(other, { url: url.href });
      expect(error).toMatch(/permission denied for database/);
    }
    expect(await ask(other, { sql: `CREATE ROLE more` })).toMatchObject({
      error: expect.any(String) as string,
    });
    const Bucket = main.id.replace('_', '-');
    const intoMain: [string, Record<string, unknown>][] = [
      ['GetObject', { Bucket, Key: 'folder/note' }],
      ['PutObject', { Bucket, Key: 'folder/note', Body: 'changed' }],
      ['DeleteObject', { Bucket, Key: 'folder/note' }],
      ['ListObjectsV2', { Bucket }],
      ['CopyObject', { Key: 'copy', CopySource: `${Bucket}/folder/note` }],
      ['DeleteBucket', { Bucket }],
      ['CreateBucket', { Bucket: 'one-more' }],
    ];
    for (const s3 of intoMain) {
      expect(await ask(other, { s3 }), s3[0]).toEqual({ error: 'AccessDenied' });
    }
    expect(await readNote(other)).toEqual({ error: 'NoSuchKey' });
    expect(JSON.stringify(await ask(other, { s3: ['ListBuckets', {}] }))).not.toContain(Bucket);
    const numbers = await nexos.column<number>(
      `SELECT number FROM environment_services WHERE kind = 'redis' AND environment_id = ANY($1) ORDER BY environment_id`,
      [[main.id, other.id]],
    );
    const ofMain = String(numbers[0]);
    for (const redis of forbiddenRedisCommands(ofMain)) {
      expect(await ask(other, { redis }), redis.join(' ')).toMatchObject({
        error: expect.stringMatching(/permission|NOPERM|can't run/) as string,
      });
    }
    for (const redis of [['INFO'], ['KEYS', '*'], ['FLUSHDB'], ['EVAL', 'return 1', '0']]) {
      expect(await ask(other, { redis }), redis.join(' ')).not.toHaveProperty('error');
    }
    expect(await ask(main, { redis: ['GET', 'note'] })).toEqual({ value: 'kept' });
    expect(await readNote(main)).toEqual({ value: 'kept' });
  });

  it('keeps all data over a new version, a pause, a resume and a rebuild', async () => {
    expect(await project.deploy(newVersion('three'))).toMatchObject({ status: 'live' });
    expect(await ask(main, { sql: 'SELECT text FROM notes' })).toEqual({ value: [{ text: 'kept' }] });
    await requestAction(nexos, main, 'pause', 'paused');
    const [postgres = ''] = await shared('postgres');
    expect(await nexos.execInService(postgres, ['echo', 'still runs'])).toContain('still runs');
    await requestAction(nexos, other, 'pause', 'paused');
    await eventually('the services to stop', async () => {
      const containers = await nexos.containers(`dev.nexos.project=${project.id}`);
      return containers.length === 0 ? true : undefined;
    });
    await requestAction(nexos, main, 'resume', 'running');
    expect(await ask(main, { sql: 'SELECT text FROM notes' })).toEqual({ value: [{ text: 'kept' }] });
    expect(await ask(main, { redis: ['GET', 'note'] })).toEqual({ value: 'kept' });
    expect(await readNote(main)).toEqual({ value: 'kept' });
    const rebuilt = await nexos.api.post<Environment>(`/environments/${main.id}/rebuild`);
    await eventually('the rebuilt version to be live', async () => {
      const { live_deployment_id: live } = await project.environment('main');
      return live === rebuilt.latest_deployment_id ? true : undefined;
    });
    expect(await ask(main, { sql: 'SELECT text FROM notes' })).toEqual({ value: [{ text: 'kept' }] });
    expect(await readNote(main)).toEqual({ value: 'kept' });
  });

  it('empties only the database on a reset, despite open connections', async () => {
    await requestAction(nexos, main, 'reset', 'running');
    expect(await ask(main, { sql: 'SELECT text FROM notes' })).toEqual({
      error: 'relation "notes" does not exist',
    });
    expect(await ask(main, { redis: ['GET', 'note'] })).toEqual({ value: 'kept' });
    expect(await readNote(main)).toEqual({ value: 'kept' });
  });

  it('restores the database from before a reset with one call, and switches back again', async () => {
    const backups = () => nexos.api.get<DatabaseBackup[]>(`/environments/${main.id}/database-backups`);
    expect(await backups()).toMatchObject([{ generation: 1 }]);
    await ask(main, { sql: 'CREATE TABLE since (text text)' });
    await requestAction(nexos, main, 'restore', 'running');
    expect(await ask(main, { sql: 'SELECT text FROM notes' })).toEqual({ value: [{ text: 'kept' }] });
    expect(await backups()).toMatchObject([{ generation: 2 }]);
    await requestAction(nexos, main, 'restore', 'running');
    expect(await ask(main, { sql: 'SELECT count(*)::integer FROM since' })).toEqual({
      value: [{ count: 0 }],
    });
    expect(await backups()).toMatchObject([{ generation: 3 }]);
    const databases = {
      sql: `SELECT count(*)::integer FROM pg_database WHERE starts_with(datname, '${main.id}')`,
    };
    expect(await ask(main, databases)).toEqual({ value: [{ count: 2 }] });
    await nexos.column('UPDATE database_backups SET expires_at = now() WHERE environment_id = $1', [main.id]);
    await eventually('the backup to be dropped', async () => {
      const { value } = await ask(main, databases);
      return JSON.stringify(value) === '[{"count":1}]' ? true : undefined;
    });
    expect(await backups()).toEqual([]);
  });

  it('removes all data with the environment, and the services with the last one', async () => {
    await requestAction(nexos, other, 'resume', 'running');
    await requestAction(nexos, other, 'reset', 'running');
    const databases = `SELECT datname FROM pg_database WHERE datname LIKE '${other.id}%'`;
    // Its own, and the backup.
    expect((await ask(main, { sql: databases })).value).toHaveLength(2);
    await nexos.api.post(`/environments/${other.id}/destroy`);
    await untilEnvironmentHasStatus(nexos, other.id, 'destroyed');
    expect((await ask(main, { sql: databases })).value).toEqual([]);
    expect(JSON.stringify((await ask(main, { sql: 'SELECT rolname FROM pg_roles' })).value)).not.toContain(
      other.id,
    );
    const [redis = ''] = await shared('redis');
    const users = await nexos.execInService(redis, ['cat', '/data/users.acl']);
    expect(users).toContain(main.id);
    expect(users).not.toContain(other.id);
    const { buckets, accounts } = await nexos.storedInS3(ofProject());
    expect(buckets).toContain(main.id.replace('_', '-'));
    expect(buckets).not.toContain(other.id.replace('_', '-'));
    expect(accounts).toContain(main.id);
    expect(accounts).not.toContain(other.id);
    await requestAction(nexos, main, 'reset', 'running');
    const backups = 'SELECT generation FROM database_backups WHERE environment_id = $1';
    expect((await nexos.column(backups, [main.id])).length).toBe(1);
    await nexos.api.post(`/environments/${main.id}/destroy`);
    await untilEnvironmentHasStatus(nexos, main.id, 'destroyed');
    expect(await nexos.engineResources(ofProject())).toEqual(NO_RESOURCES);
    expect(await nexos.column('SELECT 1 FROM project_services WHERE project_id = $1', [project.id])).toEqual(
      [],
    );
    for (const table of ['environment_services', 'database_backups']) {
      const left = `SELECT 1 FROM ${table} JOIN environments e ON e.id = environment_id WHERE e.project_id = $1`;
      expect(await nexos.column(left, [project.id]), table).toEqual([]);
    }
  });
});
