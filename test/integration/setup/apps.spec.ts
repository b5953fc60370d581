import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startApps, withAppsLock, type RunningApps } from '../../../docker/local/apps.js';
import { freePort } from '../../../docker/local/free-port.js';
import { identify, isRunning } from '../../support/process-identity.js';

const SERVER = `
  const server = require('node:http').createServer((q, r) => r.end('ok'));
  process.on('SIGTERM', () => { console.log('stopping'); setTimeout(() => process.exit(0), 50); });
  server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('up'));`;
const WORKER = `
  process.on('SIGTERM', () => { console.log('stopping'); process.exit(0); });
  setInterval(() => {}, 1000); console.log('up');`;
const DEAF = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up');`;
const ROOT = new URL('../../..', import.meta.url);

describe('the app runner', () => {
  let folder: string;
  let lines: string[];
  let running: RunningApps | undefined;
  const app = (name: string, script: string) => {
    const module = join(folder, `${name}.cjs`);
    writeFileSync(module, script);
    return { name, module };
  };
  // Nothing answers on port 1, whatever else runs on this machine.
  const start = (apps: { name: string; module: string }[], env: NodeJS.ProcessEnv = { PORT: '1' }) => {
    running = startApps({ env, apps, firstBackOffMs: 20, log: (line) => lines.push(line) });
    return running;
  };
  const pidOf = (name: string) => running?.apps.find(({ options }) => options.name === name)?.pid;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nexos-apps-'));
    lines = [];
    running = undefined;
  });
  afterEach(() => {
    running?.killAll();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is ready once the API answers, and stops the apps one after another in order', async () => {
    const apps = start([app('api', SERVER), app('worker', WORKER)], {
      PORT: String(await freePort(45_100)),
    });
    await apps.ready;
    await until(() => lines.includes('worker | up'));
    await apps.stop();
    await apps.ended;
    expect(lines.slice(-2)).toEqual(['api    | stopping', 'worker | stopping']);
    expect([pidOf('api'), pidOf('worker')]).toEqual([undefined, undefined]);
  });

  it('restarts an app that was killed', async () => {
    const apps = start([app('worker', WORKER)]);
    await until(() => lines.includes('worker | up'));
    const before = pidOf('worker');
    process.kill(before ?? 0, 'SIGKILL');
    await until(() => lines.filter((line) => line === 'worker | up').length === 2);
    expect(pidOf('worker')).not.toBe(before);
    expect(lines).toContain('worker was killed by SIGKILL; restarting it in 0.02 s.');
    await apps.stop();
  });

  it('restarts an app with new code on request', async () => {
    const apps = start([app('worker', WORKER)]);
    await until(() => lines.includes('worker | up'));
    app('worker', WORKER.replace('up', 'up with new code'));
    await apps.apps[0]?.restart();
    await until(() => lines.includes('worker | up with new code'));
    expect(lines.filter((line) => line.includes('restarting'))).toEqual([]);
    await apps.stop();
  });

  it('gives up on an app after five crashes in a row and keeps the others running', async () => {
    const broken = app('broken', 'console.log("no luck"); process.exit(3)');
    // Another installation may be ready on the default port.
    const apps = start([app('worker', WORKER), broken], { PORT: String(await freePort(45_200)) });
    await expect(apps.ended).rejects.toThrow(/broken exited with code 3, after 5 crashes in a row/);
    await expect(apps.ready).rejects.toThrow(/broken/);
    expect(lines.filter((line) => line === 'broken | no luck')).toHaveLength(5);
    expect(pidOf('worker')).toBeTypeOf('number');
    await apps.stop();
  });

  it('gives up immediately on an app with an invalid configuration and shows its output', async () => {
    const unconfigured = 'console.error("PORT must be a number"); process.exit(78)';
    const apps = start([app('worker', WORKER), app('api', unconfigured)]);
    await expect(apps.ended).rejects.toThrow('The configuration of api is invalid:\nPORT must be a number');
    expect(lines.filter((line) => line.startsWith('api '))).toEqual(['api    | PORT must be a number']);
    await apps.stop();
  });

  it('kills an app that ignores SIGTERM', async () => {
    const apps = start([app('deaf', DEAF)]);
    await until(() => lines.includes('deaf | up'));
    const stopped = apps.stop();
    apps.killAll();
    await stopped;
    expect(pidOf('deaf')).toBeUndefined();
  });

  describe('whose process is killed', () => {
    /** Runs an app in another process, kills that process, and returns the app's process id. */
    async function killRunnerOf(script: string): Promise<number> {
      const module = new URL('docker/local/apps.ts', ROOT).href;
      const code = `
        import { startApps, withAppsLock } from '${module}';
        const log = (line) => console.log(line);
        void withAppsLock('${folder}', log, async (lock) => {
          const { apps, ended } = startApps({ env: {}, log, lock, apps: [${JSON.stringify(app('worker', script))}] });
          setTimeout(() => console.log('pid ' + apps[0].pid), 100);
          await ended;
        });`;
      const runner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const output: string[] = [];
      createInterface({ input: runner.stdout }).on('line', (line) => output.push(line));
      const pid = () => Number(output.find((line) => line.startsWith('pid '))?.slice('pid '.length));
      await until(() => output.includes('worker | up') && pid() > 0);
      await expect(
        withAppsLock(
          folder,
          () => undefined,
          () => Promise.resolve(),
        ),
      ).rejects.toThrow(`Nexos is already running (process ${runner.pid}).`);
      runner.kill('SIGKILL');
      await once(runner, 'exit');
      return pid();
    }

    it('stops the apps', async () => {
      const pid = await killRunnerOf(WORKER);
      await until(() => !isAlive(pid));
    });

    it('makes the next run wait until the apps have stopped', async () => {
      const slow = WORKER.replace('process.exit(0)', 'setTimeout(() => process.exit(0), 1_500)');
      const pid = await killRunnerOf(slow);
      const wasAlive = await withAppsLock(
        folder,
        (line) => lines.push(line),
        () => Promise.resolve(isAlive(pid)),
      );
      expect(wasAlive).toBe(false);
      expect(lines.join()).toContain('Waiting for');
    });
  });
});

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 15_000, interval: 10 }).toBe(true);
}

function isAlive(pid: number): boolean {
  return isRunning(identify(pid));
}
