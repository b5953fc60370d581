import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { anyPort } from '../../support/any-port.js';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import type { TestSystem } from '../../support/global-setup.js';
import { defaultSocketDir, findTheEngine, removeInstallation, startIngress } from '../../support/machine.js';
import { identify } from '../../support/process-identity.js';
import { type AppContainer, BenchContainers } from './containers.js';
import { type BenchRoute, insertRoutes } from './routes.js';
import { startWriters, type Task, type Writers } from './writers.js';

/** What the apps of live versions answer, and those of the versions that replace them. */
export const LIVE = 'live';
export const NEXT = 'next';

export interface Size {
  readonly routes: number;
  readonly projects: number;
  /** Projects with two real containers, one of the live and one of the next version. */
  readonly pairs: number;
}

/** An ingress with many routes. */
export interface IngressStage {
  /** Of the ingress, on 127.0.0.1. */
  readonly port: number;
  readonly ingress: Docker.Container;
  readonly containers: BenchContainers;
  readonly routes: readonly BenchRoute[];
  /** The container behind the first route. */
  readonly app: AppContainer;
  readonly writers: Writers;
  /** Sends a request, and returns its status and text; status 0 when nothing answers. */
  visit(hostname: string): Promise<{ status: number; body: string }>;
  stop(): Promise<void>;
}

export async function startStage(system: TestSystem, size: Size): Promise<IngressStage> {
  const instance = `t${randomBytes(3).toString('hex')}`;
  const home = join(system.home, 'test', instance);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'owner.json'), JSON.stringify(identify(process.pid)));
  // Setups of other clones remove what belongs to an installation that no longer exists.
  writeFileSync(join(home, 'instance'), instance);
  const ending: (() => unknown)[] = [() => rmSync(home, { recursive: true })];
  const stop = async () => {
    for (const end of ending.reverse()) await end();
  };
  try {
    const database = await TestDatabase.create(system);
    ending.push(() => database.drop());
    ending.push(() => removeInstallation(instance));
    const docker = await findTheEngine();
    const image = system.images.haproxy ?? '';
    const port = await anyPort();
    await startIngress({ instance, home, image, httpPort: port });
    const ingress = docker.getContainer(`nexos-${instance}-ingress`);
    const containers = new BenchContainers(docker, instance, image);
    const routes = await insertRoutes(database, size);
    const { tasks, app } = await startApps(containers, routes, size.pairs);
    const env = {
      ...system.env,
      NEXOS_INSTANCE: instance,
      INGRESS_SOCKET_DIR: defaultSocketDir(home, instance),
    };
    const writers = await startWriters(env, database, tasks);
    ending.push(() => writers.stop());
    const agent = new Agent({ keepAlive: true });
    ending.push(() => agent.destroy());
    const visit = (hostname: string) => visitOnce(port, hostname, agent);
    const last = routes.at(-1)?.hostname ?? '';
    await eventually('the last route to answer', async () => (await visit(last)).status === 200 || undefined);
    return { port, ingress, containers, routes, app, writers, visit, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts real apps for some projects; those of the others have the addresses of the real ones. */
async function startApps(
  containers: BenchContainers,
  routes: readonly BenchRoute[],
  count: number,
): Promise<{ tasks: Task[]; app: AppContainer }> {
  const projectIds = [...new Set(routes.map(({ projectId }) => projectId))];
  await containers.createBridges(projectIds);
  const pairs: { live: AppContainer; next: AppContainer }[] = [];
  for (const projectId of projectIds.slice(0, count)) {
    const live = await containers.startApp(projectId, LIVE);
    pairs.push({ live, next: await containers.startApp(projectId, NEXT) });
  }
  const tasks = routes.flatMap(({ projectId, live, next }) => {
    const pair = pairs[projectIds.indexOf(projectId) % pairs.length];
    if (pair === undefined) return [];
    return [
      { projectId, deploymentId: live, address: pair.live.address },
      { projectId, deploymentId: next, address: pair.next.address },
    ];
  });
  const [first] = pairs;
  if (first === undefined) throw new Error('The bench needs real apps.');
  return { tasks, app: first.live };
}

function visitOnce(port: number, host: string, agent: Agent): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, headers: { host }, agent }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    outgoing.once('error', () => resolve({ status: 0, body: '' }));
    outgoing.end();
  });
}
