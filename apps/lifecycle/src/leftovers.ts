import { EngineConfig, faultPoint } from '@nexos/config';
import { UnitOfWork, giveUpAllImages, giveUpOldImages, type Lease } from '@nexos/database';
import { DeploymentServices, Images, serviceName } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import { waitUntil } from './wait-until.js';

const STOPPING_MS = 60_000;

/** Takes away what an environment does not need any more: services of old versions, and their images. */
@Injectable()
export class Leftovers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly services: DeploymentServices,
    private readonly images: Images,
    private readonly engine: EngineConfig,
  ) {}

  async removeServices(deploymentIds: readonly string[], lease: Lease): Promise<void> {
    for (const deploymentId of deploymentIds) {
      await this.services.remove(serviceName(this.engine.instance, deploymentId), lease.guard);
    }
  }

  /**
   * Keeps the image that is live, the one before it, and those of deployments that are still on their way. An image is
   * given up in the database before it goes, so that nobody rolls back to what is not there.
   */
  async removeOldImages(environmentId: string, lease: Lease): Promise<void> {
    const images = await this.images.listForEnvironment(environmentId);
    const builtFor = images.map(({ deploymentId }) => deploymentId);
    const old = await this.unitOfWork.run((transaction) =>
      giveUpOldImages(transaction, environmentId, builtFor),
    );
    faultPoint('rollout.old-images-given-up');
    for (const { id } of images.filter(({ deploymentId }) => old.includes(deploymentId))) {
      await this.images.remove(id, lease.guard);
    }
  }

  /** Removes every image of an environment; its containers take a moment to stop and hold them until then. */
  async removeAllImages(environmentId: string, lease: Lease, signal: AbortSignal): Promise<void> {
    await this.unitOfWork.run((transaction) => giveUpAllImages(transaction, environmentId));
    faultPoint('destroy.images-given-up');
    const gone = async () => {
      for (const image of await this.images.listForEnvironment(environmentId)) {
        if ((await this.images.remove(image.id, lease.guard)) === 'in-use') return false;
      }
      return true;
    };
    if (!(await waitUntil(gone, { everyMs: 250, deadlineMs: STOPPING_MS }, signal))) {
      throw new Error(`an image of ${environmentId} is still in use`);
    }
  }
}
