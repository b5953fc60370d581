import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineNotFoundError } from '../client/engine-errors.js';
import { LABELS, assertOurs, labelFilter } from '../client/engine-labels.js';
import { sharedServiceName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';

/** `in-use`: a container, running or ended, still has it. */
export type VolumeRemoval = 'removed' | 'missing' | 'in-use';

export interface SharedVolume {
  readonly name: string;
  readonly projectId: string;
  readonly kind: string;
  /** What its name has after that of its service. */
  readonly suffix: string | null;
}

/** The volumes on this engine's own machine. Swarm makes them there with the services that use them. */
@Injectable()
export class Volumes {
  constructor(private readonly client: EngineClient) {}

  /** Those of services that a project's environments share. */
  async listShared(): Promise<SharedVolume[]> {
    const label = [...labelFilter(this.client.instance, {}), LABELS.project, LABELS.service];
    const { Volumes: found } = await this.client.call((docker) =>
      docker.listVolumes({ filters: JSON.stringify({ label }) }),
    );
    return found.map(({ Name: name, Labels }) => {
      const projectId = Labels[LABELS.project] ?? '';
      const kind = Labels[LABELS.service] ?? '';
      const service = sharedServiceName(this.client.instance, projectId, kind);
      return { name, projectId, kind, suffix: name === service ? null : name.slice(service.length + 1) };
    });
  }

  /**
   * Removes a volume of ours with all that it holds.
   *
   * @throws {EngineForeignError} when it was not made by this installation
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
}
