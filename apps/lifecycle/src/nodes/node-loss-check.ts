import { type EnvironmentEntity } from '@nexos/database';
import { NodeRemovalsRepository } from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { Injectable } from '@nestjs/common';

/** Finds what a running environment lost with a node that has left the Swarm. */
@Injectable()
export class NodeLossCheck {
  constructor(private readonly removals: NodeRemovalsRepository) {}

  /** Returns the loss as an error to show; null when nothing is lost. */
  async find({ id }: EnvironmentEntity): Promise<DeploymentFailure | null> {
    const { services, isImageLost } = await this.removals.lossesOfEnvironment(id);
    if (services.length > 0) {
      return new DeploymentFailure(
        'service_not_ready',
        `The node with the data of ${services.join(', ')} is no longer part of the Swarm, and the data is lost. Destroy all environments of the project to start over without it.`,
      );
    }
    if (!isImageLost) return null;
    return new DeploymentFailure(
      'image_missing',
      'The node with the only image of the live version is no longer part of the Swarm. Deploy again to rebuild it on another node.',
    );
  }
}
