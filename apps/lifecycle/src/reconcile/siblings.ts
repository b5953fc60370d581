import { EnvironmentsRepository } from '@nexos/state';
import { DeploymentServices } from '@nexos/engine';
import { Injectable } from '@nestjs/common';

/**
 * The state of a project's other environments while one is destroyed, which decides what happens to their shared
 * resources: `stay` if any is kept; `stopping` if all are being destroyed and one of their apps is still in its stop
 * grace period; `stopped` if all are being destroyed and no app runs; `none` if there are no others.
 */
export type SiblingState = 'stay' | 'stopping' | 'stopped' | 'none';

/** Determines the state of a project's other environments. */
@Injectable()
export class Siblings {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly services: DeploymentServices,
  ) {}

  /** Returns that state. Call while holding the project's lease, right before removing a shared resource. */
  async stateOf(projectId: string, goingEnvironmentId: string): Promise<SiblingState> {
    const { staying, going } = await this.environments.findOthers(projectId, goingEnvironmentId);
    if (staying.length > 0) return 'stay';
    if (going.length === 0) return 'none';
    const running = await this.services.listRunningEnvironments(projectId);
    return going.some((id) => running.includes(id)) ? 'stopping' : 'stopped';
  }
}
