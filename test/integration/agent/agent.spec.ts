import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@nexos/config';
import { type ContainerRun } from '@nexos/contracts';
import { newId } from '@nexos/domain';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import tar from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { AGENT_CONFIG } from '../../../apps/agent/src/agent.config.js';
import { AgentModule } from '../../../apps/agent/src/agent.module.js';
import { eventually } from '../../support/eventually.js';
import { FakeApi } from './fake-api.js';
import { BASE_IMAGE, INSTANCE, rawEngine, removeLeftovers } from '../engine/engine-fixture.js';

const docker = rawEngine();
let folder: string;
let api: FakeApi;
let agents: INestApplicationContext[] = [];

beforeAll(() => removeLeftovers());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nexos-agent-'));
  api = new FakeApi(join(folder, 'agent.sock'));
  await api.listen();
});
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.close();
  await api.close();
  rmSync(folder, { recursive: true });
});
afterAll(() => removeLeftovers());

/** Passes connections on to the engine, until they are cut. */
class EngineProxy {
  private readonly ends = new Set<Socket>();
  private readonly server: NetServer;

  constructor(readonly path: string) {
    this.server = createServer((client) => {
      const engine = connect('/var/run/docker.sock');
      for (const end of [client, engine]) this.ends.add(end.on('error', () => end.destroy()));
      client.pipe(engine).pipe(client);
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(this.path, resolve));
  }

  cut(): void {
    for (const end of this.ends) end.destroy();
    this.ends.clear();
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}

async function startAgent(env: Record<string, string> = {}): Promise<INestApplicationContext> {
  const config = loadConfig(AGENT_CONFIG, {
    ...process.env,
    NEXOS_INSTANCE: INSTANCE,
    INGRESS_SOCKET_DIR: folder,
    ...env,
  });
  const agent = await NestFactory.createApplicationContext(AgentModule.forRoot(config), { logger: false });
  // As `enableShutdownHooks` and a signal would, `close` ends it.
  agents.push(agent);
  return agent;
}

/** The files of an image: scripts with their modes. */
const SCRIPTS: readonly [name: string, mode: number, text: string][] = [
  ['crlf.sh', 0o755, '#!/bin/sh\r\nexec sleep 60\r\n'],
  ['lost.sh', 0o755, '#!/usr/bin/env ruby\n'],
  ['plain.sh', 0o644, '#!/bin/sh\n'],
  ['init', 0o755, '#!/bin/sh\n[ $$ -eq 1 ] || { echo "can only run as pid 1" >&2; exit 100; }\n'],
];

/** Starts a container that has scripts, with the labels of a deployment's. */
async function startCommand(...command: string[]): Promise<string> {
  const deploymentId = newId('deployment');
  const container = await docker.createContainer({
    Image: BASE_IMAGE,
    Cmd: command,
    Labels: { 'dev.nexos.instance': INSTANCE, 'dev.nexos.deployment': deploymentId },
    HostConfig: { Init: true },
  });
  const archive = tar.pack();
  for (const [name, mode, text] of SCRIPTS) archive.entry({ name, mode }, text);
  archive.finalize();
  await container.putArchive(archive as unknown as NodeJS.ReadableStream, { path: '/' });
  await container.start();
  return deploymentId;
}

/** Starts a container with the labels of a deployment's. */
async function startApp(script: string, { memoryMb = 64, labels = {} } = {}) {
  const deploymentId = newId('deployment');
  const container = await docker.createContainer({
    Image: BASE_IMAGE,
    Cmd: ['sh', '-c', script],
    Labels: { 'dev.nexos.instance': INSTANCE, 'dev.nexos.deployment': deploymentId, ...labels },
    HostConfig: { Init: true, Memory: memoryMb * 1024 * 1024, MemorySwap: memoryMb * 1024 * 1024 },
  });
  await container.start();
  return { deploymentId, container };
}
const hasEnded = ({ end }: ContainerRun) => end !== null;

it('reports the start and the end of an app, with its address and its last lines', async () => {
  await startAgent();
  const { deploymentId, container } = await startApp(
    'for i in $(seq 30); do echo "line $i"; done; sleep 1; exit 3',
  );
  const started = await api.until(deploymentId, () => true);
  expect(started).toMatchObject({ id: container.id, end: null, outOfMemoryAt: null });
  expect(started.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  const { end } = await api.until(deploymentId, hasEnded);
  expect(end).toMatchObject({ code: 3, isOutOfMemory: false, isStopped: false, isUnhealthy: false });
  expect(end?.lines.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i + 11}`));
  const machine = ((await docker.info()) as { Swarm: { NodeID: string } }).Swarm.NodeID;
  expect(api.reports.every((report) => report.machine === machine)).toBe(true);
});

it('reports where an app waits for connections, and when that changes', async () => {
  await startAgent();
  const listen = (socket: string, family: string, address: string) =>
    `socket(${socket},${family},SOCK_STREAM,6); bind(${socket},${address}) or die; listen(${socket},5);`;
  const perl = [
    listen('A', 'AF_INET', 'pack_sockaddr_in(3000,inet_aton("127.0.0.1"))'),
    'sleep 3;',
    listen('B', 'AF_INET6', 'pack_sockaddr_in6(8080,inet_pton(AF_INET6,"::"))'),
    'sleep 60;',
  ];
  const { deploymentId, container } = await startApp(`exec perl -MSocket=:all -e '${perl.join(' ')}'`);
  const loopback = { address: '127.0.0.1', port: 3000 };
  await api.until(deploymentId, ({ listeners }) => JSON.stringify(listeners) === JSON.stringify([loopback]));
  const { listeners } = await api.until(deploymentId, ({ listeners: known }) => known?.length === 2);
  expect(listeners).toEqual([{ address: '::', port: 8080 }, loopback]);
  await container.remove({ force: true });
});

it('reports that nothing waits for connections', async () => {
  await startAgent();
  const { deploymentId, container } = await startApp('exec sleep 60');
  const { listeners } = await api.until(deploymentId, ({ listeners: known }) => known !== null);
  expect(listeners).toEqual([]);
  await container.remove({ force: true });
});

it('reports why the command of an app could not run', async () => {
  await startAgent();
  const problemOf = async (...command: string[]) =>
    (await api.until(await startCommand(...command), hasEnded)).end?.commandProblem;
  const problems = await Promise.all([
    problemOf('/crlf.sh'),
    problemOf('sh', '-c', '/crlf.sh'),
    problemOf('/lost.sh'),
    problemOf('/plain.sh'),
    problemOf('/no/such/program'),
    problemOf('/init'),
    problemOf('sh', '-c', 'exit 7'),
  ]);
  expect(problems).toEqual([
    { kind: 'crlf', file: '/crlf.sh', interpreter: null },
    { kind: 'crlf', file: '/crlf.sh', interpreter: null },
    { kind: 'interpreter-missing', file: '/lost.sh', interpreter: 'ruby' },
    { kind: 'not-executable', file: '/plain.sh', interpreter: null },
    { kind: 'not-found', file: '/no/such/program', interpreter: null },
    { kind: 'needs-process-1', file: '/init', interpreter: null },
    null,
  ]);
});

it('tells an app that was stopped from one that was killed, and both from one that ran out of memory', async () => {
  await startAgent();
  const stopped = await startApp('sleep 60');
  const killed = await startApp('sleep 60');
  // The engine does not see that a container runs out of memory in the first milliseconds after its start.
  const greedy = await startApp('sleep 1; a=x; while true; do a=$a$a; done', { memoryMb: 16 });
  await Promise.all([stopped, killed].map(({ deploymentId }) => api.until(deploymentId, () => true)));
  await stopped.container.stop({ t: 0 });
  await killed.container.kill();
  expect((await api.until(stopped.deploymentId, hasEnded)).end).toMatchObject({ isStopped: true });
  expect((await api.until(killed.deploymentId, hasEnded)).end).toMatchObject({
    code: 137,
    isStopped: false,
    isOutOfMemory: false,
  });
  // The engine may tell it after the end.
  const ranOut = ({ end }: ContainerRun) => end?.isOutOfMemory === true;
  expect((await api.until(greedy.deploymentId, ranOut)).end).toMatchObject({ code: 137, isStopped: false });
});

it('leaves out jobs and services, and containers of other installations', async () => {
  await startAgent();
  const job = await startApp('exit 1', { labels: { 'dev.nexos.job': 'x' } });
  const foreign = await startApp('exit 1', { labels: { 'dev.nexos.instance': `${INSTANCE}x` } });
  const app = await startApp('exit 1');
  await api.until(app.deploymentId, hasEnded);
  expect(api.runOf(job.deploymentId)).toBeUndefined();
  expect(api.runOf(foreign.deploymentId)).toBeUndefined();
  await foreign.container.remove({ force: true });
});

it('catches up with what ended while it was not running', async () => {
  const first = await startAgent();
  const app = await startApp('sleep 60');
  await api.until(app.deploymentId, () => true);
  await first.close();
  agents = [];
  await app.container.kill();
  const other = await startApp('echo last words; exit 5');
  await other.container.wait();
  await startAgent();
  expect((await api.until(app.deploymentId, hasEnded)).end).toMatchObject({ code: 137, isStopped: false });
  const { end } = await api.until(other.deploymentId, hasEnded);
  expect(end).toMatchObject({ code: 5, lines: [expect.objectContaining({ text: 'last words' })] });
});

it('follows events again after the stream has broken, and lists all containers', async () => {
  const proxy = new EngineProxy(join(folder, 'engine.sock'));
  await proxy.listen();
  try {
    await startAgent({ DOCKER_HOST: `unix://${proxy.path}` });
    const listings = () => api.reports.filter(({ listed }) => listed !== null).length;
    await eventually('a listing', () => Promise.resolve(listings() === 1 || undefined));
    const running = await startApp('sleep 60');
    proxy.cut();
    const app = await startApp('exit 6');
    expect((await api.until(app.deploymentId, hasEnded)).end).toMatchObject({ code: 6 });
    await eventually('another listing', () => Promise.resolve(listings() === 2 || undefined));
    // It may have been taken while the app ran.
    const ids = api.reports.findLast(({ listed }) => listed !== null)?.listed?.ids;
    expect(ids?.filter((id) => id !== app.container.id)).toEqual([running.container.id]);
  } finally {
    proxy.close();
  }
});

it('keeps its reports until the API takes them, and drops what the API refuses', async () => {
  api.status = 503;
  await startAgent();
  const kept = await startApp('exit 7');
  await kept.container.wait();
  api.status = 204;
  expect((await api.until(kept.deploymentId, hasEnded)).end).toMatchObject({ code: 7 });
  api.status = 400;
  const refused = await startApp('exit 8');
  await refused.container.wait();
  api.status = 204;
  const next = await startApp('exit 9');
  expect((await api.until(next.deploymentId, hasEnded)).end).toMatchObject({ code: 9 });
});
