import { type DeploymentEntity, type EnvironmentEntity } from '@nexos/database';
import { EnvironmentsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';

/** Something else is wanted of the environment by now: this rollout is over. */
export class RolloutOvertakenError extends Error {
  constructor() {
    super('another version is wanted by now');
    this.name = 'RolloutOvertakenError';
  }
}

/** Whether what a worker is doing for an environment is still what is wanted of it. */
@Injectable()
export class Overtaking {
  constructor(private readonly environments: EnvironmentsRepository) {}

  /** @throws {RolloutOvertakenError} when anything else is wanted since the two rows were read */
  async check(environment: EnvironmentEntity, deployment: DeploymentEntity): Promise<void> {
    if (!(await this.environments.wants(environment, deployment))) throw new RolloutOvertakenError();
  }
}
