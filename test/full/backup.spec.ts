import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { removeInstallation, startIngress } from '../support/machine.js';
import { requestAction } from '../support/nexos/act.js';
import type { Environment } from '../support/nexos/api-client.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { ask, newVersion, statefulApp } from '../support/nexos/stateful-app.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';
import { S3ServerProcess } from '../support/s3-server.js';

const run = promisify(execFile);
const APPS = ['api', 'builder', 'integrations', 'lifecycle', 'quota', 'agent'] as const;
const PASSPHRASE = 'a passphrase for this test';
const SECRET = 'a secret of the project';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nof the proxy\n';
const SERVICES = { postgres: true, redis: true, s3: true };

interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Destroys an installation and restores it from S3. Took 193 s on a busy machine; for `npm run test:scale`. */
describe('a backup', () => {
  const key = randomBytes(32).toString('base64');
  let nexos: NexosStack;
  let server: S3ServerProcess;
  let folder: string;
  let project: TestProject;
  let main: Environment;
  let paused: Environment;
  let secretEnv: Record<string, string>;

  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'), { env: { ENCRYPTION_KEY: key } });
    server = await S3ServerProcess.start(join(nexos.home, 's3'));
    folder = join(nexos.home, 'backups');
    secretEnv = { ...server.env, BACKUP_PASSPHRASE: PASSPHRASE };
    project = await TestProject.create(nexos, { services: SERVICES, memory_mb: 128 });
    const variables = [{ key: 'SECRET', value: SECRET, secret: true }];
    const stored = await nexos.api.request('PUT', `/projects/${project.id}/env-vars`, { variables });
    expect(stored.status).toBe(200);
    expect(await project.deploy(statefulApp('as before'))).toMatchObject({ status: 'live' });
    main = await project.environment('main');
    await write(main);
    const other = await TestProject.create(nexos, { services: SERVICES, memory_mb: 128 });
    expect(await other.deploy(statefulApp('asleep'))).toMatchObject({ status: 'live' });
    paused = await other.environment('main');
    await write(paused);
    await requestAction(nexos, paused, 'pause', 'paused');
  });
  afterAll(async () => {
    await server.stop();
    await nexos.stop();
  });

  async function write(environment: Environment): Promise<void> {
    await ask(environment, { sql: 'CREATE TABLE notes (text text)' });
    await ask(environment, { sql: `INSERT INTO notes VALUES ('kept by ${environment.id}')` });
    await ask(environment, { redis: ['SET', 'note', `kept by ${environment.id}`] });
    const input = { Key: 'folder/note', Body: `kept by ${environment.id}`, ContentType: 'text/kept' };
    await ask(environment, { s3: ['PutObject', input] });
  }

  async function expectKept(environment: Environment): Promise<void> {
    const text = `kept by ${environment.id}`;
    expect(await ask(environment, { sql: 'SELECT text FROM notes' })).toEqual({ value: [{ text }] });
    expect(await ask(environment, { redis: ['GET', 'note'] })).toEqual({ value: text });
    expect(await ask(environment, { s3: ['GetObject', { Key: 'folder/note' }] })).toEqual({ value: text });
    const head = await ask(environment, { s3: ['HeadObject', { Key: 'folder/note' }] });
    expect(head.value).toMatchObject({ ContentType: 'text/kept' });
  }

  async function command(name: 'backup' | 'restore', args: string[], env = {}): Promise<Outcome> {
    const path = `dist/apps/lifecycle/src/commands/${name}.js`;
    try {
      const { stdout, stderr } = await run(process.execPath, [path, ...args], {
        env: { ...process.env, ...nexos.env, ...secretEnv, ...env },
      });
      return { code: 0, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    }
  }

  const visited = async (environment: Environment, text: string) =>
    (await visit(environment.url).catch(() => undefined))?.body === text ? true : undefined;

  it('contains no secret in the clear, and its copies are consistent while the apps run', async () => {
    const certificate = join(nexos.home, 'proxy.pem');
    writeFileSync(certificate, CERTIFICATE);
    for (const place of [folder, server.location]) {
      const args = ['--to', place, '--with-keys', '--file', certificate];
      const { code, output } = await command('backup', args);
      expect({ code, output }).toMatchObject({
        code: 0,
        output: expect.stringContaining('is complete') as string,
      });
      expect(output).not.toContain(key);
    }
    const [name = ''] = readdirSync(folder);
    const all = readFileSync(join(folder, name, 'manifest.json'), 'utf8');
    for (const secret of [key, SECRET, PASSPHRASE]) expect(all).not.toContain(secret);
    expect(await command('backup', ['--to', folder, '--verify', name])).toMatchObject({ code: 0 });
    await expectKept(main);
  });

  it('is not restored over an installation in use, nor over one that has data', async () => {
    const inUse = await command('restore', ['--from', folder, '--replace']);
    expect(inUse).toMatchObject({ code: 1, output: expect.stringContaining('Stop all of them') as string });
    await Promise.all(APPS.map((app) => nexos.app(app).stop('SIGTERM')));
    const full = await command('restore', ['--from', folder]);
    expect(full).toMatchObject({ code: 1, output: expect.stringContaining('--replace') as string });
    expect(await visited(main, 'as before')).toBe(true);
  });

  it('is refused when it is damaged, before anything is changed', async () => {
    const [name = ''] = readdirSync(folder);
    const volumes = join(folder, name, 'volumes');
    const [file = ''] = readdirSync(volumes);
    const content = readFileSync(join(volumes, file));
    const damaged = Buffer.from(content);
    damaged.writeUInt8(damaged.readUInt8(damaged.length >> 1) ^ 1, damaged.length >> 1);
    writeFileSync(join(volumes, file), damaged);
    const { code, output } = await command('restore', ['--from', folder, '--replace']);
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining('is damaged') as string,
    });
    writeFileSync(join(volumes, file), content);
    expect(await visited(main, 'as before')).toBe(true);
    await expectKept(main);
  });

  it('is refused without its encryption key', async () => {
    const other = { ENCRYPTION_KEY: randomBytes(32).toString('base64') };
    const { code, output } = await command('restore', ['--from', folder, '--replace'], other);
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining('--with-keys') as string,
    });
    const wrong = { BACKUP_PASSPHRASE: 'another passphrase' };
    const keys = ['--from', folder, '--keys-to', join(nexos.home, 'wrong')];
    expect((await command('restore', keys, wrong)).output).toContain('does not open');
  });

  it('brings back everything after all was destroyed', async () => {
    await removeInstallation(nexos.instance);
    await nexos.database.query('DROP SCHEMA public CASCADE');
    await nexos.database.query('CREATE SCHEMA public');
    await nexos.wipeRedis();
    expect(await nexos.engineResources()).toEqual({ services: [], networks: [], images: [], volumes: [] });

    const keys = join(nexos.home, 'keys');
    const from = ['--from', server.location];
    expect(await command('restore', [...from, '--keys-to', keys])).toMatchObject({ code: 0 });
    expect(readFileSync(join(keys, 'proxy.pem'), 'utf8')).toBe(CERTIFICATE);
    expect(readFileSync(join(keys, 'keys.env'), 'utf8')).toContain(`ENCRYPTION_KEY="${key}"`);
    const { code, output } = await command('restore', from);
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining('restored') as string,
    });

    const httpPort = Number(nexos.env.PUBLIC_PORT);
    const image = inject('system').images.haproxy ?? '';
    await startIngress({ instance: nexos.instance, home: nexos.home, image, httpPort });
    for (const app of APPS) nexos.app(app).start();
    await nexos.ready();
    await eventually('the app to answer as before', () => visited(main, 'as before'));
    await expectKept(main);
    expect(await ask(main, { env: 'SECRET' })).toEqual({ value: SECRET });
    await requestAction(nexos, paused, 'resume', 'running');
    await eventually('the paused app to answer as before', () => visited(paused, 'asleep'));
    await expectKept(paused);
  });

  it('leaves an installation that deploys as before', async () => {
    expect(await project.deploy(newVersion('after'))).toMatchObject({ status: 'live' });
    await eventually('the next version', () => visited(main, 'after'));
    await expectKept(main);
  });
});
