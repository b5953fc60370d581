import { type DeploymentEntity, type EnvironmentEntity } from '@nexos/database';
import { EnvironmentsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';

/** Something newer is wanted of the environment: this rollout is over. */
export class RolloutSupersededError extends Error {
  constructor() {
    super('another version is wanted by now');
    this.name = 'RolloutSupersededError';
  }
}

/** Detects that something newer is wanted of an environment than what a worker is doing for it. */
@Injectable()
export class SupersedeCheck {
  constructor(private readonly environments: EnvironmentsRepository) {}

  /** @throws {RolloutSupersededError} when anything else is wanted since the two rows were read */
  async check(environment: EnvironmentEntity, deployment: DeploymentEntity): Promise<void> {
    if (!(await this.environments.wants(environment, deployment))) throw new RolloutSupersededError();
  }
}
