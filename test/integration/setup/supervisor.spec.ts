import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../docker/local/free-port.mjs';
import { endLeftovers, supervised } from '../../../docker/local/process-records.mjs';
import { startApps } from '../../../docker/local/start.mjs';

const SERVER = `
  const server = require('node:http').createServer((q, r) => r.end('ok'));
  process.on('SIGTERM', () => { console.log('stopping'); setTimeout(() => process.exit(0), 50); });
  server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('up'));`;
const WORKER = `
  process.on('SIGTERM', () => { console.log('stopping'); process.exit(0); });
  setInterval(() => {}, 1000); console.log('up');`;
const DEAF = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up');`;

describe('the supervisor', () => {
  let home: string;
  let lines: string[];
  let running: ReturnType<typeof startApps> | undefined;
  const node = (name: string, script: string) => ({ name, command: [process.execPath, '-e', script] });
  const start = (apps: { name: string; command: string[] }[], env: NodeJS.ProcessEnv = {}) => {
    running = startApps({ env, apps, home, firstBackOffMs: 20, log: (line) => lines.push(line) });
    return running;
  };

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'nexos-supervisor-'));
    lines = [];
    running = undefined;
  });
  afterEach(() => {
    running?.killAll();
    rmSync(home, { recursive: true, force: true });
  });

  it('is ready when the API answers, and stops the apps one after another in their order', async () => {
    const apps = start([node('api', SERVER), node('worker', WORKER)], {
      PORT: String(await freePort(45_100)),
    });
    await apps.ready;
    await until(() => lines.includes('worker | up'));
    await apps.stop();
    await apps.ended;
    expect(lines.slice(-2)).toEqual(['api    | stopping', 'worker | stopping']);
    expect(apps.pids).toEqual({ api: undefined, worker: undefined });
  });

  it('starts an app again that was killed', async () => {
    const apps = start([node('worker', WORKER)]);
    await until(() => lines.includes('worker | up'));
    const before = apps.pids.worker;
    expect(apps.kill('worker', 'SIGKILL')).toBe(true);
    await until(() => lines.filter((line) => line === 'worker | up').length === 2);
    expect(apps.pids.worker).not.toBe(before);
    expect(lines).toContain('worker was killed by SIGKILL; starting it again in 0.02 s.');
    await apps.stop();
  });

  it('gives an app up that dies five times in a row, and keeps the others', async () => {
    const apps = start([node('worker', WORKER), node('broken', 'console.log("no luck"); process.exit(3)')]);
    await expect(apps.ended).rejects.toThrow(/broken exited with code 3, for the 5th time/);
    await expect(apps.ready).rejects.toThrow(/broken/);
    expect(lines.filter((line) => line === 'broken | no luck')).toHaveLength(5);
    expect(apps.pids.worker).toBeTypeOf('number');
    await apps.stop();
  });

  it('gives an app up at once that cannot be configured, and says why', async () => {
    const unconfigured = 'console.error("PORT must be a number"); process.exit(78)';
    const apps = start([node('worker', WORKER), node('api', unconfigured)]);
    await expect(apps.ended).rejects.toThrow('api cannot be started:\nPORT must be a number');
    expect(lines.filter((line) => line.startsWith('api '))).toEqual(['api    | PORT must be a number']);
    await apps.stop();
  });

  it('kills what does not listen when it is told to kill', async () => {
    const apps = start([node('deaf', DEAF)]);
    await until(() => lines.includes('deaf | up'));
    const stopped = apps.stop();
    apps.killAll();
    await stopped;
    expect(apps.pids.deaf).toBeUndefined();
  });

  it('leaves apps behind when it is killed itself, and the next run ends them', async () => {
    const module = new URL('../../../docker/local/start.mjs', import.meta.url).href;
    const script = `
      import { startApps } from '${module}';
      startApps({ env: {}, log: (line) => console.log(line), home: '${home}',
        apps: [{ name: 'worker', command: [process.execPath, '-e', ${JSON.stringify(WORKER)}] }] });`;
    const supervisor = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const output: string[] = [];
    createInterface({ input: supervisor.stdout }).on('line', (line) => output.push(line));
    await until(() => output.includes('worker | up'));
    const [app] = supervised(home);
    expect(app?.owner.pid).toBe(supervisor.pid);
    await endLeftovers(home, (line) => lines.push(line));
    expect(supervised(home)).toHaveLength(1);
    supervisor.kill('SIGKILL');
    await until(() => supervised(home).length === 0);
    expect(isAlive(app?.child.pid)).toBe(true);
    await endLeftovers(home, (line) => lines.push(line));
    await until(() => !isAlive(app?.child.pid));
    expect(lines.join()).toContain('Ending worker');
  });
});

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 15_000, interval: 10 }).toBe(true);
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
