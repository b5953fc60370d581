import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineError, EngineNotFoundError } from '../client/engine-errors.js';
import { assertOurs, LABELS, labelFilter } from '../client/engine-labels.js';
import { bridgeName } from '../client/engine-names.js';

/** The bridge of a project on this engine. */
export interface LocalBridge {
  readonly id: string;
  /** Such as `10.64.3.0/24`. */
  readonly subnet: string;
  /** The addresses that running containers have on it. */
  readonly addresses: readonly string[];
}

const IS_CONNECTED = /endpoint with name \S+ already exists in network/i;
const IS_ADDRESS_TAKEN = /address already in use/i;
const IS_NOT_PAUSED = /is not paused/i;
const IS_CONTAINER_GONE = /no such container|marked for removal/i;

/** The bridges of this installation's projects on one engine, and what connects containers to them. */
@Injectable()
export class LocalBridges {
  constructor(private readonly client: EngineClient) {}

  /**
   * Returns the project's bridge; null when this engine has none.
   *
   * @throws {EngineForeignError} when it belongs to another installation
   */
  async find(projectId: string): Promise<LocalBridge | null> {
    const name = bridgeName(this.client.instance, projectId);
    try {
      const found = await this.client.call((docker) => docker.getNetwork(name).inspect());
      assertOurs(this.client.instance, found.Labels, `The network ${name}`);
      const addresses = Object.values(found.Containers ?? {}).map(
        ({ IPv4Address: address }) => address.split('/')[0] ?? '',
      );
      return { id: found.Id, subnet: found.IPAM?.Config?.[0]?.Subnet ?? '', addresses };
    } catch (error) {
      if (error instanceof EngineNotFoundError) return null;
      throw error;
    }
  }

  /**
   * Connects a container to a bridge, under this address. One that has not been started gets it when it starts, before
   * its first process runs. One that runs and is on the bridge already keeps its address.
   *
   * @returns false when the container does not exist any more
   * @throws {EngineConflictError} when another container has the address
   * @throws {EngineNotFoundError} when the bridge does not exist
   */
  async connect(bridgeId: string, containerId: string, address: string): Promise<boolean> {
    const options = {
      Container: containerId,
      EndpointConfig: { IPAMConfig: { IPv4Address: address } },
    };
    try {
      await this.client.call((docker) => docker.getNetwork(bridgeId).connect(options));
      return true;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (IS_CONNECTED.test(error.message)) return true;
      if (IS_CONTAINER_GONE.test(error.message)) return false;
      if (!IS_ADDRESS_TAKEN.test(error.message)) throw error;
      throw new EngineConflictError(`${address} is in use.`, { cause: error });
    }
  }

  /**
   * Pauses a container. Waits for a start of it that is under way.
   *
   * @returns false when it does not run, is paused already, or does not exist any more
   */
  async pause(containerId: string): Promise<boolean> {
    try {
      await this.client.call((docker) => docker.getContainer(containerId).pause());
      return true;
    } catch (error) {
      if (error instanceof EngineConflictError || error instanceof EngineNotFoundError) return false;
      throw error;
    }
  }

  /** Lets a paused container continue; does nothing when it is not paused, or does not exist any more. */
  async unpause(containerId: string): Promise<void> {
    try {
      await this.client.call((docker) => docker.getContainer(containerId).unpause());
    } catch (error) {
      if (error instanceof EngineConflictError || error instanceof EngineNotFoundError) return;
      if (!(error instanceof EngineError) || !IS_NOT_PAUSED.test(error.message)) throw error;
    }
  }

  /** Returns the ids of the paused containers that belong on a bridge. */
  async listPaused(): Promise<string[]> {
    const label = [...labelFilter(this.client.instance, {}), `${LABELS.bridge}=true`];
    const filters = { status: ['paused'], label };
    const containers = await this.client.call((docker) => docker.listContainers({ filters }));
    return containers.map(({ Id }) => Id);
  }
}
