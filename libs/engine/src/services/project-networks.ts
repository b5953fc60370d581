import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineNotFoundError, EngineRejectedError } from '../client/engine-errors.js';
import { LABELS, assertOurs, labelFilter, ownerLabels } from '../client/engine-labels.js';
import { networkName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';

/** `in-use`: services or containers are still connected. */
export type NetworkRemoval = 'removed' | 'missing' | 'in-use';

export interface ListedNetwork {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
}

const ALREADY_CONNECTED = /already (exists in|attached to) network/i;
/** Swarm has removed the network, but the engine lists it until the last container disconnects. */
const FORGOTTEN = /network \S+ not found/i;
const NOT_CONNECTED = /is not connected to|no such container|not found/i;

/** The overlay networks, one per project; containers outside Swarm (the ingress) can connect to them. */
@Injectable()
export class ProjectNetworks {
  constructor(private readonly client: EngineClient) {}

  /** Creates the project's network unless it exists; safe to call concurrently. */
  async ensure(projectId: string, guard: Guard = UNGUARDED): Promise<ListedNetwork> {
    const found = await this.find(projectId);
    if (found !== null) return found;
    const name = networkName(this.client.instance, projectId);
    const options = {
      Name: name,
      Driver: 'overlay',
      Attachable: true,
      CheckDuplicate: true,
      Labels: ownerLabels(this.client.instance, { projectId }),
    };
    try {
      const { id } = await this.client.change(guard, (docker) => docker.createNetwork(options));
      return { id, name, projectId };
    } catch (error) {
      // Of several concurrent callers, Swarm lets one create the network; the others find it.
      const made = error instanceof EngineConflictError ? await this.find(projectId) : null;
      if (made === null) throw error;
      return made;
    }
  }

  /**
   * Returns the project's network. Of several with its name (an engine restored from a backup) it picks the oldest,
   * so that all callers choose the same one.
   *
   * @throws {EngineForeignError} when a network of this name belongs to another installation
   */
  async find(projectId: string): Promise<ListedNetwork | null> {
    const { instance } = this.client;
    const name = networkName(instance, projectId);
    const found = await this.client.call((docker) => docker.listNetworks({ filters: { name: [name] } }));
    const [first] = found
      .filter((network) => network.Name === name)
      .sort((a, b) => a.Created.localeCompare(b.Created) || a.Id.localeCompare(b.Id));
    if (first === undefined) return null;
    assertOurs(instance, first.Labels, `The network ${name}`);
    return { id: first.Id, name, projectId };
  }

  /** Lists the networks of all projects of this installation. */
  async list(): Promise<ListedNetwork[]> {
    const label = [...labelFilter(this.client.instance, {}), LABELS.project];
    const networks = await this.client.call((docker) => docker.listNetworks({ filters: { label } }));
    return networks.map(({ Id, Name, Labels }) => ({
      id: Id,
      name: Name,
      projectId: Labels?.[LABELS.project] ?? '',
    }));
  }

  async remove(projectId: string, guard: Guard = UNGUARDED): Promise<NetworkRemoval> {
    const network = await this.find(projectId);
    if (network === null) return 'missing';
    try {
      await this.client.change(guard, (docker) => docker.getNetwork(network.id).remove());
      return 'removed';
    } catch (error) {
      if (error instanceof EngineNotFoundError || matches(error, FORGOTTEN)) return 'missing';
      if (error instanceof EngineConflictError) return 'in-use';
      throw error;
    }
  }

  /**
   * Reports whether the project has a network and the container is connected to it.
   *
   * @throws {EngineNotFoundError} when the container does not exist
   */
  async isConnected(containerName: string, projectId: string): Promise<boolean> {
    const [network, container] = await Promise.all([this.find(projectId), this.container(containerName)]);
    return network !== null && isOn(container, network);
  }

  /**
   * Connects a running container of this installation to the project's network; idempotent.
   *
   * @throws {EngineNotFoundError} when the container or the network does not exist
   */
  async connect(containerName: string, projectId: string, guard: Guard = UNGUARDED): Promise<void> {
    const network = await this.require(projectId);
    const container = await this.container(containerName);
    if (isOn(container, network)) return;
    try {
      await this.client.change(guard, (docker) =>
        docker.getNetwork(network.id).connect({ Container: container.Id }),
      );
    } catch (error) {
      if (matches(error, FORGOTTEN))
        throw new EngineNotFoundError(`The network ${network.name} is being removed.`);
      if (!matches(error, ALREADY_CONNECTED)) throw error;
    }
  }

  /** Disconnects the container from the project's network; does nothing if it is not connected or gone. */
  async disconnect(containerName: string, projectId: string, guard: Guard = UNGUARDED): Promise<void> {
    const network = await this.find(projectId);
    if (network === null) return;
    try {
      const container = await this.container(containerName);
      if (!isOn(container, network)) return;
      await this.client.change(guard, (docker) =>
        docker.getNetwork(network.id).disconnect({ Container: container.Id, Force: true }),
      );
    } catch (error) {
      if (error instanceof EngineNotFoundError || matches(error, NOT_CONNECTED)) return;
      throw error;
    }
  }

  /** @throws {EngineNotFoundError} when the project has no network */
  async require(projectId: string): Promise<ListedNetwork> {
    const network = await this.find(projectId);
    if (network === null) throw new EngineNotFoundError(`Project ${projectId} has no network.`);
    return network;
  }

  private async container(name: string): Promise<Docker.ContainerInspectInfo> {
    const container = await this.client.call((docker) => docker.getContainer(name).inspect());
    assertOurs(this.client.instance, container.Config.Labels, `The container ${name}`);
    return container;
  }
}

function isOn(container: Docker.ContainerInspectInfo, network: ListedNetwork): boolean {
  return Object.values(container.NetworkSettings.Networks).some(
    (endpoint) => endpoint.NetworkID === network.id,
  );
}

function matches(error: unknown, pattern: RegExp): boolean {
  return (
    (error instanceof EngineConflictError || error instanceof EngineRejectedError) &&
    pattern.test(error.message)
  );
}
