import { type DeploymentEntity, type EnvironmentEntity } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

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
  constructor(private readonly dataSource: DataSource) {}

  /** @throws {RolloutOvertakenError} when anything else is wanted since the two rows were read */
  async check(environment: EnvironmentEntity, deployment: DeploymentEntity): Promise<void> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM environments JOIN deployments ON deployments.id = environments.desired_deployment_id
       WHERE environments.id = $1 AND environments.generation = $2 AND deployments.id = $3
         AND deployments.status = $4`,
      [environment.id, environment.generation, deployment.id, deployment.status],
    );
    if (rows.length === 0) throw new RolloutOvertakenError();
  }
}
