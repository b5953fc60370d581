import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setup, type SetupOptions } from '../../../docker/local/setup.js';
import { stop } from '../../../docker/local/stop.js';
import { createTestClone, plainEnvironment, type TestClone } from '../../integration/setup/test-clone.js';
import { findTheEngine } from '../../support/machine.js';

describe('setup', () => {
  const clone = createTestClone();
  const environment = plainEnvironment();
  const run = (options: SetupOptions = {}) =>
    setup({ home: clone.home, configDir: clone.configDir, log: clone.log, environment, ...options });
  let engine: Docker;
  let first: Awaited<ReturnType<typeof setup>>;

  beforeAll(async () => {
    engine = await findTheEngine();
    first = await run();
  });
  afterAll(() => clone.remove());

  it('starts a Postgres and a Redis that require their passwords', async () => {
    const client = new pg.Client({ connectionString: first.env.DATABASE_URL });
    await client.connect();
    await client.query('CREATE TABLE kept (word text)');
    await client.query("INSERT INTO kept VALUES ('still here')");
    await client.end();
    const redis = new Redis(urlOf(first.env.REDIS_URL));
    expect(await redis.set('kept', 'still here')).toBe('OK');
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    await redis.quit();
    const stranger = new pg.Client({
      connectionString: urlOf(first.env.DATABASE_URL).replace(/:[^:@]+@/, ':wrong@'),
    });
    await expect(stranger.connect()).rejects.toThrow(/password/);
  });

  it('makes secrets readable for their owner only and prints none', () => {
    for (const name of ['postgres-password', 'redis-password', 'ENCRYPTION_KEY', 'GITHUB_WEBHOOK_SECRET']) {
      const path = join(clone.home, 'secrets', name);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(clone.lines.join('\n')).not.toContain(readFileSync(path, 'utf8').trim());
    }
    expect(statSync(join(clone.home, 'secrets')).mode & 0o777).toBe(0o700);
    expect(Buffer.from(urlOf(first.env.ENCRYPTION_KEY), 'base64')).toHaveLength(32);
  });

  it('changes and prints nothing, in under a second, when nothing is missing', async () => {
    const before = await containersOf(engine, first.instance);
    clone.lines.length = 0;
    const began = performance.now();
    const second = await run();
    expect(performance.now() - began).toBeLessThan(1000);
    expect(clone.lines).toEqual([]);
    expect(second).toEqual(first);
    expect(await containersOf(engine, first.instance)).toEqual(before);
    expect(before).toHaveLength(3);
  });

  it('prefers settings of the environment to its own', async () => {
    const given = { ...environment, DATABASE_URL: 'postgres://there/db', BASE_DOMAIN: 'example.test' };
    const system = await setup({ ...clone, environment: given });
    expect(system.env).toMatchObject({ DATABASE_URL: 'postgres://there/db', BASE_DOMAIN: 'example.test' });
    expect(system.env.REDIS_URL).toBe(first.env.REDIS_URL);
  });

  it('recreates a removed container with its data and port', async () => {
    await engine.getContainer(`nexos-${first.instance}-postgres`).remove({ force: true, v: true });
    expect((await run()).env.DATABASE_URL).toBe(first.env.DATABASE_URL);
    const client = new pg.Client({ connectionString: first.env.DATABASE_URL });
    await client.connect();
    expect((await client.query('SELECT word FROM kept')).rows).toEqual([{ word: 'still here' }]);
    await client.end();
  });

  it('starts a killed container without recreating it', async () => {
    const before = await containersOf(engine, first.instance);
    await engine.getContainer(`nexos-${first.instance}-redis`).kill();
    await run();
    expect(await containersOf(engine, first.instance)).toEqual(before);
    const redis = new Redis(urlOf(first.env.REDIS_URL));
    expect(await redis.get('kept')).toBe('still here');
    await redis.quit();
  });

  const answer = async () => (await fetch(`http://127.0.0.1:${urlOf(first.env.PUBLIC_PORT)}/`)).text();

  it('recreates HAProxy on the same port when its configuration changes', async () => {
    clone.writeConfig('two');
    expect((await run()).env.PUBLIC_PORT).toBe(first.env.PUBLIC_PORT);
    expect(await answer()).toBe('two');
  });

  it('keeps an HAProxy that runs, for a command that is given no variables for it', async () => {
    clone.writeConfig('three');
    await run({ keepsIngress: true });
    expect(await answer()).toBe('two');
    await run();
    expect(await answer()).toBe('three');
  });

  it('refuses to start a database without its password file', async () => {
    const copy = createTestClone();
    try {
      const { instance } = await setup({ ...copy, environment });
      await stop({ home: copy.home, log: copy.log });
      expect(await containersOf(engine, instance)).toEqual([]);
      rmSync(join(copy.home, 'secrets/postgres-password'));
      await expect(setup({ ...copy, environment })).rejects.toThrow(/password file .* is missing/);
    } finally {
      await copy.remove();
    }
  });
});

describe('setup that was killed', () => {
  let clone: TestClone;
  afterAll(() => clone.remove());

  it('completes when it runs again', async () => {
    clone = createTestClone();
    const options = JSON.stringify({ home: clone.home, configDir: clone.configDir });
    const script = `import { setup } from '${setupUrl()}'; await setup(${options}); console.log('done');`;
    for (const afterMs of [60, 150, 300, 500, 800]) {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        env: plainEnvironment(),
        stdio: 'ignore',
      });
      await Promise.race([once(child, 'exit'), delay(afterMs)]);
      child.kill('SIGKILL');
    }
    const { instance, env } = await setup({ ...clone, environment: plainEnvironment() });
    expect(await containersOf(await findTheEngine(), instance)).toHaveLength(3);
    const client = new pg.Client({ connectionString: env.DATABASE_URL });
    await client.connect();
    await client.end();
  });
});

function setupUrl(): string {
  return new URL('../../../docker/local/setup.ts', import.meta.url).href;
}

function urlOf(value: string | undefined): string {
  if (value === undefined) throw new Error('Setup returned no such setting.');
  return value;
}

async function containersOf(engine: Docker, instance: string): Promise<string[]> {
  const filters = { label: [`dev.nexos.instance=${instance}`] };
  const found = await engine.listContainers({ all: true, filters });
  return found.map(({ Id }) => Id).sort();
}
