import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineNotFoundError, EngineUnavailableError } from '../client/engine-errors.js';
import { assertOurs } from '../client/engine-labels.js';
import { bridgeName, networkName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { createOverlay, type NetworkRemoval, removeNetwork } from './overlay-networks.js';
import { type NextSubnet, ProjectBridges } from './project-bridges.js';

export interface ListedNetwork {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
}

/** The ids of a project's networks. */
export interface NetworkIds {
  /** Connects the project's containers with each other, on all machines. */
  readonly overlay: string;
  /** Connects the ingress with each of them. */
  readonly bridge: string;
}

/** The networks of projects: an overlay each, and a bridge to the ingress. */
@Injectable()
export class ProjectNetworks {
  constructor(
    private readonly client: EngineClient,
    private readonly bridges: ProjectBridges,
  ) {}

  /** Creates the project's networks unless they exist; safe to call concurrently. */
  async ensure(projectId: string, nextSubnet: NextSubnet, guard: Guard = UNGUARDED): Promise<NetworkIds> {
    const [overlay, bridge] = await Promise.all([
      this.ensureOverlay(projectId, guard),
      this.bridges.ensure(projectId, nextSubnet, guard),
    ]);
    return { overlay: overlay.id, bridge };
  }

  /** Reports whether the project has its networks. */
  async exist(projectId: string): Promise<boolean> {
    return (await this.findBoth(projectId)) !== null;
  }

  private async ensureOverlay(projectId: string, guard: Guard): Promise<ListedNetwork> {
    const found = await this.find(projectId);
    if (found !== null) return found;
    const name = networkName(this.client.instance, projectId);
    const made = await createOverlay(this.client, guard, {
      name,
      owner: { projectId },
      find: () => this.find(projectId),
    });
    return typeof made === 'string' ? { id: made, name, projectId } : made;
  }

  /**
   * Returns the project's overlay network. Of several with its name (an engine restored from a backup) it picks the oldest,
   * so that all callers choose the same one.
   *
   * @throws {EngineForeignError} when a network of this name belongs to another installation
   */
  async find(projectId: string): Promise<ListedNetwork | null> {
    const network = await this.findOverlay(projectId);
    return network === undefined ? null : { id: network.Id, name: network.Name, projectId };
  }

  /**
   * Returns the address block of the project's overlay.
   *
   * @throws {EngineNotFoundError} when the project has no overlay
   * @throws {EngineUnavailableError} while Swarm has not chosen one
   */
  async subnetOf(projectId: string): Promise<string> {
    const network = await this.findOverlay(projectId);
    if (network === undefined) throw new EngineNotFoundError(`Project ${projectId} has no network.`);
    const subnet = network.IPAM?.Config?.[0]?.Subnet;
    if (subnet === undefined)
      throw new EngineUnavailableError(`Swarm has not given ${network.Name} its addresses yet.`);
    return subnet;
  }

  /** Returns null unless the project has both networks. Listing is slow, so that it lists once. */
  private async findBoth(projectId: string): Promise<NetworkIds | null> {
    const networks = await this.list(projectId);
    const overlay = this.overlayAmong(networks, projectId);
    const bridge = this.bridges.among(networks, projectId);
    return overlay === undefined || bridge === undefined ? null : { overlay: overlay.Id, bridge: bridge.Id };
  }

  private async findOverlay(projectId: string): Promise<Docker.NetworkInspectInfo | undefined> {
    return this.overlayAmong(await this.list(projectId), projectId);
  }

  /** Lists the project's networks. Of networks that no container has joined yet, the engine lists exact names only. */
  private list(projectId: string): Promise<Docker.NetworkInspectInfo[]> {
    const { instance } = this.client;
    const name = [networkName(instance, projectId), bridgeName(instance, projectId)];
    return this.client.call((docker) => docker.listNetworks({ filters: { name } }));
  }

  private overlayAmong(
    networks: readonly Docker.NetworkInspectInfo[],
    projectId: string,
  ): Docker.NetworkInspectInfo | undefined {
    const { instance } = this.client;
    const name = networkName(instance, projectId);
    const [first] = networks
      .filter((network) => network.Name === name)
      .sort((a, b) => a.Created.localeCompare(b.Created) || a.Id.localeCompare(b.Id));
    if (first !== undefined) assertOurs(instance, first.Labels, `The network ${name}`);
    return first;
  }

  /** Removes the project's networks. */
  async remove(projectId: string, guard: Guard = UNGUARDED): Promise<NetworkRemoval> {
    const [overlay, isBridgeGone] = await Promise.all([
      this.removeOverlay(projectId, guard),
      this.bridges.remove(projectId, guard),
    ]);
    return isBridgeGone ? overlay : 'in-use';
  }

  /**
   * Returns the id of the overlay that the project's services join.
   *
   * @throws {EngineNotFoundError} when the project lacks a network
   */
  async require(projectId: string): Promise<string> {
    const found = await this.findBoth(projectId);
    if (found === null) throw new EngineNotFoundError(`Project ${projectId} has no network.`);
    return found.overlay;
  }

  private async removeOverlay(projectId: string, guard: Guard): Promise<NetworkRemoval> {
    const network = await this.find(projectId);
    return network === null ? 'missing' : removeNetwork(this.client, guard, network.id);
  }
}
