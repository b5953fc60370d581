import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineConfig, IngressConfig, loadConfig } from '@nexos/config';
import { newId, subnetAt } from '@nexos/domain';
import { DeploymentServices, EngineModule, ProjectNetworks, serviceName } from '@nexos/engine';
import { HaproxyRuntime, IngressMap, mapTarget } from '@nexos/ingress';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { AppProcess } from '../support/nexos/app-process.js';
import { smallServer } from '../support/nexos/app-source.js';
import { SmallEngine } from '../support/small-engine.js';

const HAPROXY_IMAGE = process.env.HAPROXY_IMAGE ?? 'nexos-local/haproxy';
const BASE_IMAGE = 'nexos-local/debian:bookworm';
const INGRESS_CONFIG = fileURLToPath(new URL('../../docker/haproxy', import.meta.url));
const INSTANCE = 'restarted';
const PORT = 3000;
const SOON_MS = 15_000;

/** The agent and HAProxy on an engine of their own, which this test may kill. Costs about 60 s. */
describe('a restart of the engine', () => {
  let folder: string;
  let small: SmallEngine;
  let engine: INestApplicationContext;
  let agent: AppProcess;
  let routes: IngressMap;
  /** From host name to the name of the service, which is also what its app answers. */
  const apps = new Map<string, string>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nexos-restart-'));
    mkdirSync(join(folder, 'sockets'));
    small = await SmallEngine.start({ sizeMb: 1_000, images: [HAPROXY_IMAGE, BASE_IMAGE] });
    const env = {
      DOCKER_HOST: small.host,
      NEXOS_INSTANCE: INSTANCE,
      INGRESS_SOCKET_DIR: join(folder, 'sockets'),
    };
    const config = loadConfig({ engine: EngineConfig, ingress: IngressConfig }, env);
    engine = await NestFactory.createApplicationContext(EngineModule.forRoot(config.engine), {
      logger: false,
    });
    routes = new IngressMap(new HaproxyRuntime(config.ingress));
    await startIngress();
    agent = new AppProcess('agent', env, join(folder, 'agent'));
    agent.start();
    let subnets = 0;
    for (const names of [['one', 'two'], ['other']]) {
      const projectId = newId('project');
      await engine
        .get(ProjectNetworks)
        .ensure(projectId, () => Promise.resolve(subnetAt('10.88.0.0/13', subnets++)));
      for (const name of names) await startApp(projectId, name);
    }
  });
  afterAll(async () => {
    await agent.stop('SIGKILL');
    await engine.close();
    await small.stop();
    rmSync(folder, { recursive: true });
  });

  async function startIngress(): Promise<void> {
    const ingress = await small.docker.createContainer({
      name: 'ingress',
      Image: HAPROXY_IMAGE,
      User: '0:0',
      Cmd: ['sh', '/usr/local/etc/haproxy/start.sh'],
      StopSignal: 'SIGTERM',
      Env: ['INGRESS_BIND=unix@/run/nexos/http.sock', 'INGRESS_ADDRESS_POOL=10.88.0.0/13'],
      HostConfig: {
        NetworkMode: 'host',
        // The engine does not start others again after a crash that their processes survived.
        RestartPolicy: { Name: 'always' },
        Mounts: [
          { Type: 'bind', Source: INGRESS_CONFIG, Target: '/usr/local/etc/haproxy', ReadOnly: true },
          { Type: 'bind', Source: join(folder, 'sockets'), Target: '/run/nexos' },
        ],
      },
    });
    await ingress.start();
  }

  async function startApp(projectId: string, name: string): Promise<void> {
    const { Id: image } = await small.docker.getImage(BASE_IMAGE).inspect();
    const deploymentId = newId('deployment');
    const service = serviceName(INSTANCE, deploymentId, 0);
    apps.set(`${name}.test`, service);
    await engine.get(DeploymentServices).create({
      ...{ projectId, environmentId: newId('environment'), deploymentId, moves: 0 },
      ...{ container: 'app', index: 0, hasSiblings: false },
      ...{ image, env: { PORT: String(PORT) }, command: ['perl', '-e', smallServer(service)] },
      ...{ cpu: 0.1, memoryMb: 32, stopGraceSeconds: 1 },
    });
  }

  /** Returns the status and the body of a response; null without one. */
  const visit = (host: string) =>
    new Promise<{ status: number; body: string } | null>((resolve) => {
      const socketPath = join(folder, 'sockets/http.sock');
      const outgoing = request(
        { socketPath, headers: { host }, agent: false, timeout: 10_000 },
        (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (text: string) => (body += text));
          response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
          response.once('error', () => resolve(null));
        },
      );
      outgoing.once('timeout', () => outgoing.destroy());
      outgoing.once('error', () => resolve(null));
      outgoing.end();
    });
  /** Sets the routes, as a lifecycle worker does after a start of HAProxy. */
  const restoreRoutes = () =>
    eventually('HAProxy to take the routes', () =>
      routes
        .replaceAll(
          new Map(
            [...apps].map(([host, service]) => [
              host,
              mapTarget({ service, port: PORT, relay: null }, 10_000),
            ]),
          ),
        )
        .then(
          () => true,
          () => undefined,
        ),
    );
  const untilAllAnswer = (deadlineMs: number) =>
    eventually(
      'every app to answer',
      async () => {
        for (const [host, service] of apps) if ((await visit(host))?.body !== service) return undefined;
        return true;
      },
      { deadlineMs },
    );
  const containers = async () =>
    (await small.docker.listContainers({ filters: { label: ['dev.nexos.deployment'] } })).map(({ Id }) => Id);

  /** Visits the apps until it is stopped, and returns the answers of others than the app. */
  const watch = () => {
    const wrong: string[] = [];
    const over = new AbortController();
    const visiting = (async () => {
      while (!over.signal.aborted) {
        for (const [host, service] of apps) {
          const answer = await visit(host);
          if (answer?.status === 200 && answer.body !== service) wrong.push(`${host}: ${answer.body}`);
        }
      }
    })();
    return async () => {
      over.abort();
      await visiting;
      return wrong;
    };
  };

  it.each([
    ['was killed', () => small.restart()],
    ['lost its power', () => small.cutPower()],
  ])('lets every app answer again after it %s', async (what, stop) => {
    await restoreRoutes();
    await untilAllAnswer(60_000);
    const before = await containers();
    expect(before).toHaveLength(apps.size);
    const unwatch = watch();
    try {
      const began = performance.now();
      await stop();
      await restoreRoutes();
      await untilAllAnswer(60_000);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      process.stderr.write(`the engine ${what}: every app answers after ${seconds} s\n`);
      expect((await containers()).filter((id) => before.includes(id))).toEqual([]);
    } finally {
      expect(await unwatch()).toEqual([]);
    }
  });

  it('leads nowhere while the agent is frozen, and to the right apps soon afterwards', async () => {
    await restoreRoutes();
    await untilAllAnswer(60_000);
    const before = await containers();
    agent.suspend();
    const unwatch = watch();
    try {
      await small.restart();
      await restoreRoutes();
      await eventually('new containers', async () => {
        const present = await containers();
        return present.length === apps.size && !present.some((id) => before.includes(id)) ? true : undefined;
      });
      for (const host of apps.keys()) expect((await visit(host))?.status).toBe(503);
    } finally {
      agent.resume();
      expect(await unwatch()).toEqual([]);
    }
    await untilAllAnswer(SOON_MS);
  });
});
