import { EngineConfig, IngressConfig, loadConfig, WorkerConfig } from '@nexos/config';
import {
  bridgeName,
  type DeploymentServices,
  type LocalContainer,
  type LocalContainers,
  serviceName,
} from '@nexos/engine';
import { AddressMap, HaproxyRuntime, IngressMap, VersionMap } from '@nexos/ingress';
import { RoutesRepository } from '@nexos/state';
import { AddressPublisher } from '../../../apps/agent/src/addresses/address-publisher.js';
import type { CommandProblems } from '../../../apps/agent/src/commands/command-problems.js';
import { ContainerTracker } from '../../../apps/agent/src/tracker/container-tracker.js';
import { IngressRestorer } from '../../../apps/lifecycle/src/ingress/ingress-restorer.js';
import { IngressRoutes } from '../../../apps/lifecycle/src/ingress/ingress-routes.js';
import type { Relays } from '../../../apps/lifecycle/src/relays/relays.js';
import type { TestDatabase } from '../../support/database.js';

/** A container of a deployment, real or not. */
export interface Task {
  readonly projectId: string;
  readonly deploymentId: string;
  readonly address: string;
}

export interface Writers {
  readonly repository: RoutesRepository;
  readonly routes: IngressRoutes;
  readonly map: TimedMap;
  readonly addresses: AddressMap;
  /** Returns when the running HAProxy read its configuration, in milliseconds since the epoch. */
  bootedAt(): Promise<number>;
  stop(): Promise<void>;
}

/** Knows when its last entry was changed. */
export class TimedMap extends IngressMap {
  changedAt = 0;

  override async set(key: string, value: string): Promise<void> {
    await super.set(key, value);
    this.changedAt = performance.now();
  }
}

/** Starts what fills the maps of HAProxy: of the lifecycle worker the restorer, of the agent the tracker and the publisher. */
export async function startWriters(
  env: Readonly<Record<string, string>>,
  database: TestDatabase,
  tasks: readonly Task[],
): Promise<Writers> {
  const { engine, ingress, worker } = loadConfig(
    { engine: EngineConfig, ingress: IngressConfig, worker: WorkerConfig },
    env,
  );
  const runtime = new HaproxyRuntime(ingress);
  const map = new TimedMap(runtime);
  const addresses = new AddressMap(runtime);
  const repository = database.repository(RoutesRepository);
  const services = servicesOf(tasks, engine.instance);
  const relays = { find: () => Promise.resolve(null) } as unknown as Relays;
  const routes = new IngressRoutes(repository, map, new VersionMap(runtime), relays, services, engine);
  const restorer = new IngressRestorer(map, routes, worker);
  const tracker = new ContainerTracker(listingOf(tasks, engine.instance), {} as CommandProblems);
  const publisher = new AddressPublisher(addresses, engine, tracker);
  await tracker.list();
  restorer.onApplicationBootstrap();
  publisher.onApplicationBootstrap();
  return {
    repository,
    routes,
    map,
    addresses,
    bootedAt: async () => Number(await map.identity()) / 1_000,
    stop: async () => {
      await restorer.beforeApplicationShutdown();
      await publisher.onApplicationShutdown();
    },
  };
}

/** Stands in for the engine, which cannot run so many containers. */
function listingOf(tasks: readonly Task[], instance: string): LocalContainers {
  const containers = new Map(
    tasks.map((task, number) => [`${number}`, containerOf(task, `${number}`, instance)]),
  );
  const listing: Pick<LocalContainers, 'list' | 'find'> = {
    list: () => Promise.resolve([...containers.values()]),
    find: (id) => Promise.resolve(containers.get(id) ?? null),
  };
  return listing as LocalContainers;
}

/** Stands in for the engine's list of services, too. All are on the bridge of their project. */
function servicesOf(tasks: readonly Task[], instance: string): DeploymentServices {
  const services = tasks.map(({ projectId, deploymentId }) => ({
    ...{ id: deploymentId, name: serviceName(instance, deploymentId, 0), projectId, deploymentId },
    ...{ container: 'app', isOnBridge: true, image: '', replicas: 1 },
  }));
  const listing: Pick<DeploymentServices, 'listAll'> = { listAll: () => Promise.resolve(services) };
  return listing as DeploymentServices;
}

function containerOf(
  { projectId, deploymentId, address }: Task,
  id: string,
  instance: string,
): LocalContainer {
  return {
    id,
    name: `${serviceName(instance, deploymentId, 0)}.1.${id}`,
    owner: { projectId, deploymentId, container: 'app', environmentId: null, service: null, job: null },
    joinsBridge: true,
    addresses: { [bridgeName(instance, projectId)]: address },
    startedAt: new Date().toISOString(),
    pid: 1,
    command: { argv: [], workingDir: '/', path: '', hasInit: true },
    isRunning: true,
    endedAt: '',
    exitCode: 0,
    isOutOfMemory: false,
    isUnhealthy: false,
  };
}
