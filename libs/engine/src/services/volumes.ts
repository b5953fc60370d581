import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { diskUsage } from '../client/disk-usage.js';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineNotFoundError } from '../client/engine-errors.js';
import { LABELS, assertOurs, isOurs, labelFilter } from '../client/engine-labels.js';
import { sharedServiceName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';

/** `in-use`: a container, running or stopped, still uses it. */
export type VolumeRemoval = 'removed' | 'missing' | 'in-use';

export interface SharedVolume {
  readonly name: string;
  readonly projectId: string;
  readonly kind: string;
  /** What follows the service's name in the volume's name; null for nothing. */
  readonly suffix: string | null;
}

export interface MeasuredSharedVolume extends SharedVolume {
  readonly bytes: number;
}

/** The volumes on this engine's own machine. Swarm creates them together with the services that use them. */
@Injectable()
export class Volumes {
  constructor(private readonly client: EngineClient) {}

  /** Lists the volumes of shared services. */
  async listShared(): Promise<SharedVolume[]> {
    const label = [...labelFilter(this.client.instance, {}), LABELS.project, LABELS.service];
    const { Volumes: found } = await this.client.call((docker) =>
      docker.listVolumes({ filters: JSON.stringify({ label }) }),
    );
    return found.map((volume) => this.sharedVolume(volume));
  }

  /** Measures the volumes of shared services. Leaves out those that the engine could not measure. */
  async measureShared(signal: AbortSignal): Promise<MeasuredSharedVolume[]> {
    const usage = await diskUsage(this.client, 'volume', signal);
    const all = (usage.Volumes ?? []) as readonly Docker.VolumeInspectInfo[];
    return all.flatMap((volume) => {
      const bytes = volume.UsageData?.Size ?? -1;
      const isShared = isOurs(this.client.instance, volume.Labels) && LABELS.service in volume.Labels;
      return isShared && bytes >= 0 ? [{ ...this.sharedVolume(volume), bytes }] : [];
    });
  }

  /**
   * Removes a volume of this installation and its data.
   *
   * @throws {EngineForeignError} when this installation did not create it
   */
  async remove(name: string, guard: Guard = UNGUARDED): Promise<VolumeRemoval> {
    try {
      const volume = await this.client.call((docker) => docker.getVolume(name).inspect());
      assertOurs(this.client.instance, volume.Labels, `The volume ${name}`);
      await this.client.change(guard, (docker) => docker.getVolume(name).remove());
      return 'removed';
    } catch (error) {
      if (error instanceof EngineNotFoundError) return 'missing';
      if (error instanceof EngineConflictError) return 'in-use';
      throw error;
    }
  }

  private sharedVolume({ Name: name, Labels }: Docker.VolumeInspectInfo): SharedVolume {
    const projectId = Labels[LABELS.project] ?? '';
    const kind = Labels[LABELS.service] ?? '';
    const service = sharedServiceName(this.client.instance, projectId, kind);
    return { name, projectId, kind, suffix: name === service ? null : name.slice(service.length + 1) };
  }
}
