import { overlap } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import {
  EngineConflictError,
  EngineError,
  EngineNotFoundError,
  EngineRejectedError,
} from '../client/engine-errors.js';
import { assertOurs, ownerLabels } from '../client/engine-labels.js';
import { bridgeName } from '../client/engine-names.js';
import type { Guard } from '../client/guard.js';

/** Returns the next subnet to try. Subnets come round again as late as possible. */
export type NextSubnet = () => Promise<string>;

/** How many subnets that other networks use are skipped before giving up. */
const MAX_TAKEN = 256;
/** Another network got the subnet since the networks were listed. */
const SUBNET_TAKEN = /overlap|conflicts with/i;

type Network = Docker.NetworkInspectInfo;

/**
 * The bridge networks, one per project, over which the ingress reaches its containers from the machine's own network.
 * Containers cannot reach each other over them. No other project ever gets an address of a project's subnet while that
 * exists, so an outdated address never leads to another project's container.
 *
 * They are ordinary networks of this engine, to which the agent connects containers. Swarm could connect them to a
 * bridge of its own, but such a bridge does not survive that the engine is killed: https://github.com/moby/moby/issues/37087
 */
@Injectable()
export class ProjectBridges {
  constructor(private readonly client: EngineClient) {}

  /**
   * Creates the project's bridge unless it exists. Safe to call concurrently.
   *
   * @returns the network's id
   */
  async ensure(projectId: string, nextSubnet: NextSubnet, guard: Guard): Promise<string> {
    const existing = await this.find(projectId);
    if (existing !== null) return existing;
    for (let attempt = 1; attempt <= MAX_TAKEN; attempt += 1) {
      const subnet = await nextSubnet();
      if (isTaken(subnet, await this.list())) continue;
      const own = await this.create(projectId, subnet, guard);
      // Two callers may create one at the same time: both keep the older one.
      const kept = await this.find(projectId);
      if (own !== null && own !== kept) await this.removeOne(own, guard);
      if (kept !== null) return kept;
    }
    throw new EngineError(
      `None of ${MAX_TAKEN} subnets is free on this machine. Enlarge INGRESS_ADDRESS_POOL, or choose one that no other network uses.`,
    );
  }

  /** Returns the id of the project's bridge; null when it has none. */
  async find(projectId: string): Promise<string | null> {
    return this.among(await this.list(this.nameOf(projectId)), projectId)?.Id ?? null;
  }

  /**
   * Picks the project's bridge from a list: the oldest, if there are several.
   *
   * @throws {EngineForeignError} when it belongs to another installation
   */
  among(networks: readonly Network[], projectId: string): Network | undefined {
    const name = this.nameOf(projectId);
    const [bridge] = networks
      .filter((network) => network.Name === name)
      .sort((a, b) => a.Created.localeCompare(b.Created) || a.Id.localeCompare(b.Id));
    if (bridge !== undefined) assertOurs(this.client.instance, bridge.Labels, `The network ${name}`);
    return bridge;
  }

  /** Removes the bridge, and frees its subnet. Returns false while containers use it. */
  async remove(projectId: string, guard: Guard): Promise<boolean> {
    for (;;) {
      const id = await this.find(projectId);
      if (id === null) return true;
      if (!(await this.removeOne(id, guard))) return false;
    }
  }

  /** Returns the id of the new network; null when its name or its subnet is taken. */
  private async create(projectId: string, subnet: string, guard: Guard): Promise<string | null> {
    const request = {
      Name: this.nameOf(projectId),
      CheckDuplicate: true,
      Driver: 'bridge',
      IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] },
      Options: { 'com.docker.network.bridge.enable_icc': 'false' },
      Labels: ownerLabels(this.client.instance, { projectId }),
    };
    try {
      return (await this.client.change(guard, (docker) => docker.createNetwork(request))).id;
    } catch (error) {
      if (error instanceof EngineConflictError) return null;
      if (error instanceof EngineRejectedError && SUBNET_TAKEN.test(error.message)) return null;
      throw error;
    }
  }

  private async removeOne(id: string, guard: Guard): Promise<boolean> {
    try {
      await this.client.change(guard, (docker) => docker.getNetwork(id).remove());
      return true;
    } catch (error) {
      if (error instanceof EngineConflictError) return false;
      if (error instanceof EngineNotFoundError) return true;
      throw error;
    }
  }

  /** Lists networks, all or those whose names contain this one. */
  private list(name?: string): Promise<Network[]> {
    const options = name === undefined ? {} : { filters: { name: [name] } };
    return this.client.call((docker) => docker.listNetworks(options));
  }

  private nameOf(projectId: string): string {
    return bridgeName(this.client.instance, projectId);
  }
}

function isTaken(subnet: string, networks: readonly Network[]): boolean {
  return networks.some(({ IPAM }) => (IPAM?.Config ?? []).some(({ Subnet = '' }) => overlap(Subnet, subnet)));
}
