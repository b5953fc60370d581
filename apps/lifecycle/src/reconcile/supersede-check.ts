import { type DeploymentEntity, type EnvironmentEntity } from '@nexos/database';
import { EnvironmentsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';

/** The environment should do something newer, so this rollout stops. */
export class RolloutSupersededError extends Error {
  constructor() {
    super('the rollout was superseded');
    this.name = 'RolloutSupersededError';
  }
}

/** Detects that a worker's rollout has been superseded. */
@Injectable()
export class SupersedeCheck {
  constructor(private readonly environments: EnvironmentsRepository) {}

  /** @throws {RolloutSupersededError} when the desired state changed after the two rows were read */
  async check(environment: EnvironmentEntity, deployment: DeploymentEntity): Promise<void> {
    if (!(await this.environments.isStillDesired(environment, deployment)))
      throw new RolloutSupersededError();
  }
}
