import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { anyPort } from '../support/any-port.js';
import type { TestSystem } from '../support/global-setup.js';
import { nodeFlagsOf } from '../support/machine.js';
import type { AppName } from '../support/nexos/app-process.js';
import { webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { load } from './load.js';
import { ratioOf, type Row } from './table.js';
import { makeProjects, processed, pushSequentially, until } from './pushes.js';

const APPS: readonly AppName[] = ['api', 'integrations', 'builder', 'lifecycle', 'quota', 'agent'];
const BARE = fileURLToPath(new URL('bare-nest.mjs', import.meta.url));
const CONNECTIONS = 50;
const LOAD_SECONDS = 10;
const IDLE_MS = 10_000;
const POLL_MS = 10;
const MIB = 1024;

/** One process: milliseconds until its health endpoint answers 200, and MiB of resident memory. */
interface Footprint {
  readonly readyMs: number;
  readonly idle: number;
  readonly loaded: number;
}

/**
 * Measures the time to ready and the memory of each app, and of a bare Nest process with typeorm, bullmq and pg. The apps
 * start together, as under `npm start`.
 */
export async function benchMemory(system: TestSystem): Promise<Row[]> {
  const ports = new Map<AppName, number>();
  for (const name of APPS) ports.set(name, await anyPort());
  const appEnv = Object.fromEntries([...ports].map(([name, port]) => [name, { HEALTH_PORT: String(port) }]));
  const nexos = await NexosStack.start(system, {
    appEnv,
    nodeFlags: [],
    port: ports.get('api') ?? 0,
    env: { RATE_LIMIT_PER_MINUTE: '1000000', LOG_LEVEL: 'info', SWEEP_MS: '5000', NODE_ENV: 'production' },
  });
  try {
    const bare = await measureBare(nexos);
    const apps = await measureApps(nexos, ports);
    print(bare, apps);
    const figures = { bench: 'memory', node: process.version, bare, apps: Object.fromEntries(apps) };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    return [...apps].map(([name, { idle }]) => ({
      what: `idle memory of ${name}, against a bare Nest process`,
      bare: `${bare.idle} MiB`,
      nexos: `${idle} MiB`,
      ratio: ratioOf(idle, bare.idle),
      target: null,
    }));
  } finally {
    await nexos.stop();
  }
}

async function measureApps(
  nexos: NexosStack,
  ports: ReadonlyMap<AppName, number>,
): Promise<Map<AppName, Footprint>> {
  await Promise.all(APPS.map((name) => nexos.app(name).stop('SIGTERM')));
  const began = performance.now();
  for (const name of APPS) nexos.app(name).start();
  const readyMs = await Promise.all(APPS.map((name) => untilHealthy(ports.get(name) ?? 0, began)));
  await wait(IDLE_MS);
  const memory = () => APPS.map((name) => residentMemory(nexos.app(name).pid ?? 0));
  const idle = memory();
  await loadAll(nexos);
  await wait(IDLE_MS);
  const loaded = memory();
  return new Map(
    APPS.map((name, index) => [
      name,
      { readyMs: readyMs[index] ?? 0, idle: idle[index] ?? 0, loaded: loaded[index] ?? 0 },
    ]),
  );
}

/** Loads the apps with a deployment, reads, and webhooks that are processed. */
async function loadAll(nexos: NexosStack): Promise<void> {
  const project = await TestProject.create(nexos);
  const { id } = await project.deploy(webApp('loaded'));
  const repositories = Array.from({ length: CONNECTIONS }, (_, index) => `bench/app-${index}`);
  await makeProjects(nexos, repositories, Math.floor(Date.now() / 1000));
  const headers = { authorization: nexos.api.authorization };
  await load({
    url: `${nexos.api.baseUrl}/api/deployments`,
    connections: CONNECTIONS,
    seconds: LOAD_SECONDS,
    setupClient: (client) => {
      client.setRequests([{ method: 'GET', path: `/api/deployments/${id}`, headers }]);
    },
  });
  let next = 0;
  const secret = nexos.env.GITHUB_WEBHOOK_SECRET ?? '';
  await load({
    url: `${nexos.api.baseUrl}/api/webhooks/github`,
    connections: CONNECTIONS,
    seconds: LOAD_SECONDS,
    setupClient: (client) => pushSequentially(client, repositories[next++ % CONNECTIONS] ?? '', secret),
  });
  await processed(nexos);
}

async function measureBare(nexos: NexosStack): Promise<Pick<Footprint, 'readyMs' | 'idle'>> {
  const port = await anyPort();
  const { DATABASE_URL, REDIS_URL } = nexos.env;
  const began = performance.now();
  const child = spawn(process.execPath, [...nodeFlagsOf('bare'), BARE], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', DATABASE_URL, REDIS_URL, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const readyMs = await untilHealthy(port, began);
    await wait(IDLE_MS);
    return { readyMs, idle: residentMemory(child.pid ?? 0) };
  } finally {
    await end(child);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/** Returns the milliseconds from `began` until the process answers 200. */
async function untilHealthy(port: number, began: number): Promise<number> {
  await until(async () => {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    await response?.body?.cancel();
    if (response?.status === 200) return true;
    await wait(POLL_MS);
    return false;
  });
  return Math.round(performance.now() - began);
}

/** Returns a process's resident memory in MiB, including the pages of the Node.js binary that processes share. */
function residentMemory(pid: number): number {
  const [, kib = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / MIB);
}

function print(bare: Pick<Footprint, 'readyMs' | 'idle'>, apps: ReadonlyMap<AppName, Footprint>): void {
  const line = (name: string, ready: number, idle: number, loaded: string) =>
    `${name.padEnd(14)}${String(ready).padStart(6)} ms ${String(idle).padStart(6)} MiB ${loaded.padStart(6)} MiB\n`;
  process.stdout.write(`${''.padEnd(14)}  ready in       idle  after load\n`);
  process.stdout.write(line('bare Nest', bare.readyMs, bare.idle, '-'));
  for (const [name, { readyMs, idle, loaded }] of apps)
    process.stdout.write(line(name, readyMs, idle, String(loaded)));
  const all = [...apps.values()];
  const sum = (field: keyof Footprint) => all.reduce((total, app) => total + app[field], 0);
  const slowest = Math.max(...all.map(({ readyMs }) => readyMs));
  process.stdout.write(line('all', slowest, sum('idle'), String(sum('loaded'))));
}
