import { EngineConfig, type FaultPoint, faultPoint } from '@nexos/config';
import { type EnvironmentEntity, type Transaction } from '@nexos/database';
import { type Route, RoutesRepository } from '@nexos/state';
import { DeploymentServices, serviceName } from '@nexos/engine';
import {
  hostReference,
  IngressMap,
  mapTarget,
  targetKey,
  VersionMap,
  versionKey,
  versionName,
} from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import { Relays } from '../relays/relays.js';

type Hosts = Pick<EnvironmentEntity, 'id' | 'hostname'>;

/** The relays of services, by service; null for one that the ingress reaches directly. */
export type RelaysOfServices = ReadonlyMap<string, string | null>;

interface Publication {
  /** Where tests crash the worker after the ingress has changed. */
  readonly point?: FaultPoint;
  /** The relays of services that are known; those of others are looked up. */
  readonly relays?: RelaysOfServices;
}

/**
 * Keeps the ingress's routes equal to the database's. Every change holds the locks of an environment's host names from
 * before it reads until after it writes; a restore holds them all.
 */
@Injectable()
export class IngressRoutes {
  constructor(
    private readonly routes: RoutesRepository,
    private readonly map: IngressMap,
    private readonly versions: VersionMap,
    private readonly relays: Relays,
    private readonly services: DeploymentServices,
    private readonly engineConfig: EngineConfig,
  ) {}

  /**
   * Changes an environment, and makes its routes follow before the transaction commits, so that nobody reads the change
   * before the ingress has it.
   *
   * @param change returns false when it changed nothing; then the routes stay as they are
   */
  whileChanging(
    environment: Hosts,
    change: (transaction: Transaction) => Promise<boolean>,
    { point, relays = new Map() }: Publication = {},
  ): Promise<boolean> {
    return this.routes.whileLocked(environment, async (transaction, hostnames) => {
      if (!(await change(transaction))) return false;
      await this.publishLocked(environment.id, hostnames, relays);
      if (point !== undefined) faultPoint(point);
      return true;
    });
  }

  /** Sets or removes the routes of an environment, as the database says. */
  async publish(environment: Hosts): Promise<void> {
    await this.whileChanging(environment, () => Promise.resolve(true));
  }

  /** Sets every route and removes all others. */
  async restore(): Promise<void> {
    await this.routes.whileAllLocked(async () => {
      const [routes, services] = await Promise.all([this.routes.all(), this.services.listAll()]);
      const relayed = new Set(services.filter(({ isOnBridge }) => !isOnBridge).map(({ name }) => name));
      const relayOf = (route: Route) =>
        relayed.has(this.serviceOf(route)) ? this.relays.nameOf(route.projectId) : null;
      const targets = routes.map((route) => [route, this.targetOf(route, relayOf(route))] as const);
      const shared = targets.filter(([{ isShared }]) => isShared);
      await this.versions.replaceAll(
        new Map([
          ...shared.map(([route]) => [versionKey(route.environmentId), versionOf(route)] as const),
          ...shared.map(([route, target]) => [keyOf(route), target] as const),
        ]),
      );
      await this.map.replaceAll(
        new Map(targets.map(([route, target]) => [route.hostname, hostValue(route, target)])),
      );
    });
  }

  /**
   * Makes the entries of host names equal to the database's. Those of an environment with several lead to another version
   * with one change; before it, they all lead to the old one.
   */
  private async publishLocked(
    environmentId: string,
    hostnames: readonly string[],
    relays: RelaysOfServices,
  ): Promise<void> {
    const routes = await this.routes.findAll(hostnames);
    const targets = new Map<Route, string>();
    for (const route of routes) targets.set(route, this.targetOf(route, await this.relayOf(route, relays)));
    if (hostnames.length > 1) {
      const own = [...targets].filter(([route]) => route.isShared && route.environmentId === environmentId);
      await this.publishVersion(environmentId, new Map(own));
    }
    for (const hostname of hostnames) {
      const [found] = [...targets].filter(([route]) => route.hostname === hostname);
      if (found === undefined) await this.map.delete(hostname);
      else await this.map.set(hostname, hostValue(...found));
    }
  }

  /** Makes the map of versions have these targets of an environment. */
  private async publishVersion(environmentId: string, targets: ReadonlyMap<Route, string>): Promise<void> {
    const key = versionKey(environmentId);
    const present = await this.versions.read();
    const kept = new Set([...targets.keys()].map(keyOf));
    for (const [route, target] of targets) await this.versions.set(keyOf(route), target);
    const [first] = targets.keys();
    if (first !== undefined) {
      kept.add(key);
      await this.versions.set(key, versionOf(first));
    }
    // A request may have read which version it gets, and not yet its target. The next publication removes that.
    const replaced = first === undefined ? undefined : present.get(key);
    for (const name of present.keys()) {
      const isOwn = name === key || name.startsWith(`${key}/`);
      const isReplaced = replaced !== undefined && name.endsWith(`/${replaced}`);
      if (isOwn && !kept.has(name) && !isReplaced) await this.versions.delete(name);
    }
  }

  private async relayOf(route: Route, known: RelaysOfServices): Promise<string | null> {
    const service = this.serviceOf(route);
    const relay = known.get(service);
    return relay === undefined ? this.relays.find(route.projectId, service) : relay;
  }

  private targetOf(route: Route, relay: string | null): string {
    const { port, requestTimeoutSeconds } = route;
    return mapTarget({ service: this.serviceOf(route), port, relay }, requestTimeoutSeconds * 1_000);
  }

  private serviceOf({ deploymentId, moves, index }: Route): string {
    return serviceName(this.engineConfig.instance, deploymentId, moves, index);
  }
}

function versionOf({ deploymentId, moves }: Route): string {
  return versionName(deploymentId, moves);
}

function keyOf(route: Route): string {
  return targetKey(route.environmentId, route.container, versionOf(route));
}

/** Returns the entry of a host name. Environments with one have the target itself. */
function hostValue({ isShared, environmentId, container }: Route, target: string): string {
  return isShared ? hostReference(environmentId, container) : target;
}
