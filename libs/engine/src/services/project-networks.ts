import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineNotFoundError, EngineRejectedError } from '../client/engine-errors.js';
import { LABELS, assertOurs, labelFilter, ownerLabels } from '../client/engine-labels.js';
import { networkName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';

/** `in-use`: services or containers are still on it. */
export type NetworkRemoval = 'removed' | 'missing' | 'in-use';

export interface ListedNetwork {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
}

const ALREADY_CONNECTED = /already (exists in|attached to) network/i;
/** Of a network that Swarm has removed, and that the engine lists until the last container has left it. */
const FORGOTTEN = /network \S+ not found/i;
const NOT_CONNECTED = /is not connected to|no such container|not found/i;

/** One overlay network per project; containers outside Swarm (the ingress) can be connected to it. */
@Injectable()
export class ProjectNetworks {
  constructor(private readonly client: EngineClient) {}

  /** Makes the project's network unless there is one, whoever else does the same just now. */
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
      // Swarm lets one of several callers at once make a network of this name; the others find it made.
      const made = error instanceof EngineConflictError ? await this.find(projectId) : null;
      if (made === null) throw error;
      return made;
    }
  }

  /**
   * The project's network; of several with its name (an engine that was restored from a backup), the oldest,
   * so that all callers choose the same.
   *
   * @throws {EngineForeignError} when somebody else has a network of this name
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

  /** The networks of all projects of this installation. */
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
   * Whether the project has a network, and the container is on it.
   *
   * @throws {EngineNotFoundError} when there is no such container
   */
  async isConnected(containerName: string, projectId: string): Promise<boolean> {
    const [network, container] = await Promise.all([this.find(projectId), this.container(containerName)]);
    return network !== null && isOn(container, network);
  }

  /**
   * Connects a running container of ours to the project's network; connected already is fine.
   *
   * @throws {EngineNotFoundError} when there is no such container or network
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
        throw new EngineNotFoundError(`The network ${network.name} is going away.`);
      if (!matches(error, ALREADY_CONNECTED)) throw error;
    }
  }

  /** Takes the container off the project's network; not connected, or gone, is fine. */
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
