import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '@nexos/config';
import { NodeEntity } from '@nexos/database';
import { EnvironmentHealthRepository, NodeRemovalsRepository } from '@nexos/state';
import { type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AGENT_CONFIG } from '../../apps/agent/src/agent.config.js';
import { AgentModule } from '../../apps/agent/src/agent.module.js';
import { LIFECYCLE_CONFIG } from '../../apps/lifecycle/src/lifecycle.config.js';
import { LifecycleModule } from '../../apps/lifecycle/src/lifecycle.module.js';
import { SwarmProblems } from '../../apps/lifecycle/src/health/swarm-problems.js';
import { MoveEnvironmentHandler } from '../../apps/lifecycle/src/nodes/move-environment.handler.js';
import { NodeObserver } from '../../apps/lifecycle/src/nodes/node-observer.js';
import { ReconcileEnvironmentHandler } from '../../apps/lifecycle/src/reconcile/reconcile-environment.handler.js';
import { Relays } from '../../apps/lifecycle/src/relays/relays.js';
import { RelaySweeper } from '../../apps/lifecycle/src/relays/relay-sweeper.js';
import { SteadyLoad } from '../integration/ingress/steady-load.js';
import { EchoSocket, visit, visitEcho } from '../integration/ingress/visitor.js';
import { insertBuilt } from '../support/built-deployment.js';
import { TestDatabase } from '../support/database.js';
import { EnginePair } from '../support/engine-pair.js';
import { eventually } from '../support/eventually.js';
import { insertProject } from '../support/rows.js';
import { SILENT } from '../support/silent-logger.js';

const HAPROXY_IMAGE = process.env.HAPROXY_IMAGE ?? 'nexos-local/haproxy';
const NODE_IMAGE = process.env.NODE_IMAGE ?? 'nexos-local/node';
const INGRESS_CONFIG = fileURLToPath(new URL('../../docker/haproxy', import.meta.url));
const APP = fileURLToPath(new URL('../integration/ingress/echo-app.mjs', import.meta.url));
const INSTANCE = 'pair';
const INGRESS = 'ingress';
const PORT = 8080;
const RATE = 50;
const DRAIN_MS = 2_000;
/** Longer than HAProxy's retries bridge, so that the old container must serve until the new app listens. */
const STARTS_AFTER_SECONDS = 4;

/** A lifecycle worker on a Swarm of two engines, with HAProxy and the agent on the manager. Costs about 100 s. */
describe('an app on another node', () => {
  const { signal } = new AbortController();
  let pair: EnginePair;
  let folder: string;
  let database: TestDatabase;
  let worker: TestingModule;
  let agent: INestApplicationContext;
  let app: { id: string; environmentId: string };
  let host: string;
  let imageId: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nexos-pair-'));
    pair = await EnginePair.start();
    const { docker } = pair.manager;
    await Promise.all([
      pair.manager.load(HAPROXY_IMAGE),
      pair.manager.load(NODE_IMAGE),
      pair.worker.load(NODE_IMAGE),
    ]);
    imageId = await buildApp(docker);
    await copyImage(docker, pair.worker.docker, imageId);
    await startIngress(docker);
    database = await TestDatabase.create(inject('system'));
    const env = {
      ...inject('system').env,
      DATABASE_URL: database.url,
      REDIS_PREFIX: `t${randomBytes(3).toString('hex')}`,
      NEXOS_INSTANCE: INSTANCE,
      DOCKER_HOST: pair.manager.host,
      INGRESS_SOCKET_DIR: folder,
      HAPROXY_IMAGE,
      DRAIN_MS: String(DRAIN_MS),
    };
    const config = loadConfig(LIFECYCLE_CONFIG, env);
    worker = await Test.createTestingModule({ imports: [LifecycleModule.forRoot(config)] })
      .setLogger(SILENT)
      .compile();
    const agentModule = AgentModule.forRoot(loadConfig(AGENT_CONFIG, env));
    agent = await NestFactory.createApplicationContext(agentModule, { logger: false });
  });
  afterAll(async () => {
    // Undefined where `beforeAll` failed earlier.
    try {
      await (agent as INestApplicationContext | undefined)?.close();
      await (worker as TestingModule | undefined)?.close();
      await (database as TestDatabase | undefined)?.drop();
    } finally {
      await (pair as EnginePair | undefined)?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  /** Builds an app that listens only seconds after its container has started. */
  async function buildApp(docker: Docker): Promise<string> {
    const start = `sleep ${STARTS_AFTER_SECONDS}; exec node app.mjs`;
    writeFileSync(
      join(folder, 'Dockerfile'),
      `FROM ${NODE_IMAGE}\nCOPY app.mjs .\nCMD ["sh", "-c", "${start}"]\n`,
    );
    copyFileSync(APP, join(folder, 'app.mjs'));
    const context = { context: folder, src: ['Dockerfile', 'app.mjs'] };
    const stream = await docker.buildImage(context, { t: 'app' });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error)));
    });
    return (await docker.getImage('app').inspect()).Id;
  }

  async function copyImage(from: Docker, to: Docker, id: string): Promise<void> {
    const loading = await to.loadImage(await from.getImage(id).get());
    await new Promise<void>((resolve, reject) => {
      to.modem.followProgress(loading, (error) => (error === null ? resolve() : reject(error)));
    });
    expect((await to.getImage(id).inspect()).Id).toBe(id);
  }

  async function startIngress(docker: Docker): Promise<void> {
    const container = await docker.createContainer({
      name: INGRESS,
      Image: HAPROXY_IMAGE,
      User: '0:0',
      Labels: { 'dev.nexos.instance': INSTANCE },
      Cmd: ['sh', '/usr/local/etc/haproxy/start.sh'],
      Env: [`INGRESS_BIND=0.0.0.0:${PORT}`],
      HostConfig: {
        NetworkMode: 'host',
        Binds: [`${INGRESS_CONFIG}:/usr/local/etc/haproxy:ro`, `${folder}:/run/nexos`],
      },
    });
    await container.start();
  }

  const setAvailability = async (id: string, Availability: string) => {
    const node = pair.manager.docker.getNode(id);
    const { Version, Spec } = (await node.inspect()) as { Version: { Index: number }; Spec: object };
    await node.update({ _query: { version: Version.Index }, _body: { ...Spec, Availability } });
  };

  const idOf = async (role: string) => {
    const nodes = (await pair.manager.docker.listNodes()) as { ID: string; Spec: { Role: string } }[];
    return nodes.find(({ Spec }) => Spec.Role === role)?.ID ?? '';
  };
  const get = <T>(kind: Type<T>): T => worker.get(kind, { strict: false });
  const containers = (docker: Docker) =>
    docker.listContainers({ filters: { label: [`dev.nexos.deployment=${app.id}`] } });
  const relays = () => pair.manager.docker.listServices({ filters: { label: ['dev.nexos.relay'] } });

  it('answers through the relay of its project', async () => {
    await eventually('HAProxy', () => fetch(`http://${pair.address}:${PORT}`).catch(() => undefined));
    const project = await insertProject(database.dataSource.manager);
    const { environmentId } = (app = await insertBuilt(database, project, {
      imageId,
      imageNodeId: null,
      startTimeoutSeconds: 30,
    }));
    // Has Swarm start the app on the worker, and the relay on the manager.
    await get(Relays).ensure(project.id, signal);
    await eventually('the relay to run', async () => {
      const filters = { label: [`dev.nexos.project=${project.id}`] };
      return (await pair.manager.docker.listContainers({ filters }))[0];
    });
    await setAvailability(await idOf('manager'), 'pause');
    await get(ReconcileEnvironmentHandler).handle({ environmentId }, signal);
    await setAvailability(await idOf('manager'), 'active');
    const [version] = await database.rows(
      'SELECT status, failure_message AS failure FROM deployments WHERE id = $1',
      [app.id],
    );
    expect(version).toEqual({ status: 'live', failure: null });
    expect(await containers(pair.worker.docker)).toHaveLength(1);

    const rows = await database.rows<{ hostname: string }>(
      'SELECT hostname FROM environments WHERE id = $1',
      [environmentId],
    );
    host = rows[0]?.hostname ?? '';
    const visited = { port: PORT, address: pair.address, host };
    expect((await visitEcho({ ...visited, path: '/path' })).url).toBe('/path');
    const { body } = await visit({
      ...visited,
      path: '/pause/500',
      headers: { accept: 'text/event-stream' },
    });
    expect(body).toBe('begun, done');
    const socket = await EchoSocket.open(PORT, host, pair.address);
    expect(await socket.echo('hello')).toBe('hello');
    socket.close();
  });

  it('is reached again after its container was replaced there', async () => {
    const [old] = await containers(pair.worker.docker);
    await pair.worker.docker.getContainer(old?.Id ?? '').kill();
    const visited = { port: PORT, address: pair.address, host };
    await eventually('the app answers again', async () => {
      const isNew = (await containers(pair.worker.docker)).every(({ Id }) => Id !== old?.Id);
      return isNew ? visitEcho(visited).catch(() => undefined) : undefined;
    });
  });

  it('is known to be on a machine that is down, and answers again when that is back', async () => {
    const manager = await idOf('manager');
    await setAvailability(manager, 'pause');
    const worker = pair.worker;
    const [old] = await containers(worker.docker);
    worker.ip('link', 'set', 'swarm0', 'down');
    const subjects = await get(EnvironmentHealthRepository).findSubjects(app.environmentId);
    const problem = await eventually('Swarm to miss the machine', async () => {
      const [found] = (await get(SwarmProblems).find(subjects))?.values() ?? [];
      return found;
    });
    expect(problem.message).toMatch(/worker.* is down/);
    worker.ip('link', 'set', 'swarm0', 'up');
    // Swarm replaces a container that it has missed.
    await eventually('the app answers again', async () => {
      const [container, ...others] = await containers(worker.docker);
      if (container === undefined || container.Id === old?.Id || others.length > 0) return undefined;
      return visitEcho({ port: PORT, address: pair.address, host }).catch(() => undefined);
    });
    await setAvailability(manager, 'active');
  });

  it('moves while it is used, without a failed request, before its node is removed', async () => {
    const observe = () => get(NodeObserver).run();
    await observe();
    const swarmId = await idOf('worker');
    const node = () => database.dataSource.manager.findOneByOrFail(NodeEntity, { swarmId });
    await database.repository(NodeRemovalsRepository).request((await node()).id, false);
    const load = new SteadyLoad(PORT, host, RATE, pair.address);
    try {
      await eventually(
        'the node to be removed',
        async () => {
          await observe();
          // The worker's queue is not consumed here.
          await get(MoveEnvironmentHandler).handle(app, signal);
          return (await node()).removedAt ?? undefined;
        },
        { everyMs: 500 },
      );
      expect(await relays()).toHaveLength(1);
      await get(RelaySweeper).run();
      expect(await relays()).toEqual([]);
      const enough = load.answered + RATE;
      await eventually('more answers', () => Promise.resolve(load.answered >= enough || undefined));
    } finally {
      await load.stop();
    }
    expect(load.failures).toEqual([]);
    expect(load.answered).toBeGreaterThan(STARTS_AFTER_SECONDS * RATE);
    expect(await containers(pair.manager.docker)).toHaveLength(1);
    expect(await pair.manager.docker.listNodes()).toHaveLength(1);
  });
});
