import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineNotFoundError } from '../client/engine-errors.js';
import { LABELS, labelFilter } from '../client/engine-labels.js';

const RETRY_MS = 500;

/** The Swarm services and project data that an installation has on the engine. */
@Injectable()
export class InstallationObjects {
  constructor(private readonly client: EngineClient) {}

  /** Counts Swarm services, and volumes of project services on this node. */
  async count(): Promise<{ services: number; volumes: number }> {
    const [services, volumes] = await Promise.all([this.services(), this.volumes()]);
    return { services: services.length, volumes: volumes.length };
  }

  /** Removes all of them and waits until no container uses the volumes any longer. */
  async removeAll(signal: AbortSignal): Promise<void> {
    for (const id of await this.services()) {
      await existing(this.client.call((docker) => docker.getService(id).remove()));
    }
    for (const name of await this.volumes()) await this.removeVolume(name, signal);
  }

  private async removeVolume(name: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await existing(this.client.call((docker) => docker.getVolume(name).remove()));
        return;
      } catch (error) {
        // The containers of a removed service stop within their grace period.
        if (!(error instanceof EngineConflictError)) throw error;
      }
      await wait(RETRY_MS, undefined, { signal });
    }
  }

  private async services(): Promise<string[]> {
    const label = [...labelFilter(this.client.instance, {})];
    const found = await this.client.call((docker) => docker.listServices({ filters: { label } }));
    return found.map(({ ID }) => ID);
  }

  private async volumes(): Promise<string[]> {
    const label = [...labelFilter(this.client.instance, {}), LABELS.service];
    const { Volumes: found } = await this.client.call((docker) =>
      docker.listVolumes({ filters: JSON.stringify({ label }) }),
    );
    return found.map(({ Name }) => Name);
  }
}

async function existing(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof EngineNotFoundError)) throw error;
  }
}
