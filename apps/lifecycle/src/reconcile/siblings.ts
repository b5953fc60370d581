import { EnvironmentsRepository } from '@nexos/state';
import { DeploymentServices } from '@nexos/engine';
import { Injectable } from '@nestjs/common';

/**
 * What the other environments of a project still need of what all of them share, when one is destroyed: `stay` if any of
 * them is kept; `stopping` if all are being destroyed and an app of theirs runs on in its stop grace; `stopped` if all
 * are being destroyed and none does; `none` if there are no others.
 */
export type SiblingState = 'stay' | 'stopping' | 'stopped' | 'none';

/** The other environments of a project. */
@Injectable()
export class Siblings {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly services: DeploymentServices,
  ) {}

  /** Ask while holding the project's lease, right before something is removed that its environments share. */
  async stateOf(projectId: string, goingEnvironmentId: string): Promise<SiblingState> {
    const { staying, going } = await this.environments.findOthers(projectId, goingEnvironmentId);
    if (staying.length > 0) return 'stay';
    if (going.length === 0) return 'none';
    const running = await this.services.listEnvironmentsThatRun(projectId);
    return going.some((id) => running.includes(id)) ? 'stopping' : 'stopped';
  }
}
