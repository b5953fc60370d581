import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { LABELS, assertOurs, labelFilter } from '../client/engine-labels.js';
import { networkName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { createOverlay, removeNetwork, type NetworkRemoval } from './overlay-networks.js';

/** A deployment with several containers, and its owners. */
export interface NetworkedVersion {
  readonly projectId: string;
  readonly environmentId: string;
  readonly deploymentId: string;
}

/** The network of a version, on which its containers have their short names. */
export interface VersionNetwork {
  readonly id: string;
  readonly deploymentId: string;
}

/**
 * The overlay networks of versions with several containers. Each version has its own, so that during a rollout a name
 * never leads from one version to the other.
 */
@Injectable()
export class VersionNetworks {
  constructor(private readonly client: EngineClient) {}

  /** Creates a version's network unless it exists. */
  async ensure(version: NetworkedVersion, guard: Guard = UNGUARDED): Promise<void> {
    const find = () => this.find(version.deploymentId);
    if ((await find()) !== null) return;
    await createOverlay(this.client, guard, {
      name: this.nameOf(version.deploymentId),
      owner: version,
      find,
    });
  }

  /**
   * Returns the id of a version's network; null when it has none.
   *
   * @throws {EngineForeignError} when a network of this name belongs to another installation
   */
  async find(deploymentId: string): Promise<string | null> {
    const name = this.nameOf(deploymentId);
    // Of networks that no container has joined yet, the engine lists exact names only.
    const networks = await this.list({ name: [name] });
    const [first] = networks
      .filter((network) => network.Name === name)
      .sort((a, b) => a.Created.localeCompare(b.Created) || a.Id.localeCompare(b.Id));
    if (first === undefined) return null;
    assertOurs(this.client.instance, first.Labels, `The network ${name}`);
    return first.Id;
  }

  /** Lists the networks of an environment's versions. */
  async listForEnvironment(environmentId: string): Promise<VersionNetwork[]> {
    const networks = await this.list({ label: labelFilter(this.client.instance, { environmentId }) });
    return networks.map(({ Id, Labels: labels }) => ({
      id: Id,
      deploymentId: labels?.[LABELS.deployment] ?? '',
    }));
  }

  /** Removes a version's network; `in-use` while a service or a container has joined it. */
  remove({ id }: VersionNetwork, guard: Guard = UNGUARDED): Promise<NetworkRemoval> {
    return removeNetwork(this.client, guard, id);
  }

  private list(filters: Readonly<Record<string, string[]>>): Promise<Docker.NetworkInspectInfo[]> {
    return this.client.call((docker) => docker.listNetworks({ filters }));
  }

  private nameOf(deploymentId: string): string {
    return networkName(this.client.instance, deploymentId);
  }
}
