import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '@nexos/config';
import { NodeEntity } from '@nexos/database';
import { NodeRemovalsRepository } from '@nexos/state';
import { Test, type TestingModule } from '@nestjs/testing';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { LIFECYCLE_CONFIG } from '../../apps/lifecycle/src/lifecycle.config.js';
import { LifecycleModule } from '../../apps/lifecycle/src/lifecycle.module.js';
import { MoveEnvironmentHandler } from '../../apps/lifecycle/src/nodes/move-environment.handler.js';
import { NodeObserver } from '../../apps/lifecycle/src/nodes/node-observer.js';
import { ProjectNetwork } from '../../apps/lifecycle/src/reconcile/project-network.js';
import { ReconcileEnvironmentHandler } from '../../apps/lifecycle/src/reconcile/reconcile-environment.handler.js';
import { SteadyLoad } from '../integration/ingress/steady-load.js';
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

/** A lifecycle worker on a Swarm of two engines, with HAProxy on the manager. Costs about 60 s. */
describe('the removal of a node', () => {
  const { signal } = new AbortController();
  let pair: EnginePair;
  let folder: string;
  let database: TestDatabase;
  let worker: TestingModule;
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
    const config = loadConfig(LIFECYCLE_CONFIG, {
      ...inject('system').env,
      DATABASE_URL: database.url,
      REDIS_PREFIX: `t${randomBytes(3).toString('hex')}`,
      NEXOS_INSTANCE: INSTANCE,
      DOCKER_HOST: pair.manager.host,
      INGRESS_SOCKET_DIR: folder,
      INGRESS_CONTAINER: INGRESS,
      DRAIN_MS: String(DRAIN_MS),
    });
    worker = await Test.createTestingModule({ imports: [LifecycleModule.forRoot(config)] })
      .setLogger(SILENT)
      .compile();
  });
  afterAll(async () => {
    // Undefined where `beforeAll` failed earlier.
    try {
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
    await docker.createNetwork({ Name: 'edge' });
    const container = await docker.createContainer({
      name: INGRESS,
      Image: HAPROXY_IMAGE,
      User: '0:0',
      Labels: { 'dev.nexos.instance': INSTANCE },
      ExposedPorts: { [`${PORT}/tcp`]: {} },
      HostConfig: {
        NetworkMode: 'edge',
        PortBindings: { [`${PORT}/tcp`]: [{ HostIp: '0.0.0.0', HostPort: String(PORT) }] },
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

  it('moves an app to another node while it is used, without a failed request, and then removes the node', async () => {
    const nodes = (await pair.manager.docker.listNodes()) as { ID: string; Spec: { Role: string } }[];
    const idOf = (role: string) => nodes.find(({ Spec }) => Spec.Role === role)?.ID ?? '';
    const observe = () => worker.get(NodeObserver, { strict: false }).run();
    await eventually('HAProxy', () => fetch(`http://${pair.address}:${PORT}`).catch(() => undefined));

    // Has Swarm start the app on the worker. A paused node cannot attach the ingress to a network either.
    const project = await insertProject(database.dataSource.manager);
    await worker.get(ProjectNetwork, { strict: false }).prepare(project.id, signal);
    await setAvailability(idOf('manager'), 'pause');
    const app = await insertBuilt(database, project, { imageId, imageNodeId: null });
    const payload = { environmentId: app.environmentId };
    await worker.get(ReconcileEnvironmentHandler, { strict: false }).handle(payload, signal);
    const [version] = await database.rows(
      'SELECT status, failure_message AS failure FROM deployments WHERE id = $1',
      [app.id],
    );
    expect(version).toEqual({ status: 'live', failure: null });
    await setAvailability(idOf('manager'), 'active');
    const containers = (docker: Docker) =>
      docker.listContainers({ filters: { label: [`dev.nexos.deployment=${app.id}`] } });
    expect(await containers(pair.worker.docker)).toHaveLength(1);

    await observe();
    const node = () => database.dataSource.manager.findOneByOrFail(NodeEntity, { swarmId: idOf('worker') });
    await database.repository(NodeRemovalsRepository).request((await node()).id, false);
    const [environment] = await database.rows<{ hostname: string }>(
      'SELECT hostname FROM environments WHERE id = $1',
      [app.environmentId],
    );
    const load = new SteadyLoad(PORT, environment?.hostname ?? '', RATE, pair.address);
    try {
      await eventually(
        'the node to be removed',
        async () => {
          await observe();
          // The worker's queue is not consumed here.
          await worker.get(MoveEnvironmentHandler, { strict: false }).handle(payload, signal);
          return (await node()).removedAt ?? undefined;
        },
        { everyMs: 500, deadlineMs: 60_000 },
      );
    } finally {
      await load.stop();
    }
    expect(load.failures).toEqual([]);
    expect(load.answered).toBeGreaterThan(STARTS_AFTER_SECONDS * RATE);
    expect(await containers(pair.manager.docker)).toHaveLength(1);
    expect(await pair.manager.docker.listNodes()).toHaveLength(1);
  });
});
