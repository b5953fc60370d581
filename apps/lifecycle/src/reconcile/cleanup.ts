import { EngineConfig, faultPoint } from '@nexos/config';
import { EnvironmentsRepository, ImagesRepository } from '@nexos/state';
import { DeploymentServices, type ImageRemoval, Images, type Owner, serviceName } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import { waitUntil } from '../wait-until.js';
import type { ReconcileContext } from './reconcile-context.js';

const STOPPING_MS = 60_000;
/** The engine takes a moment to remove a container that has stopped. What takes longer goes with the next clean-up. */
const LETTING_GO_MS = 12_000;

/** Takes away what an environment does not need any more: services of old versions, and their images. */
@Injectable()
export class Cleanup {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly needed: ImagesRepository,
    private readonly services: DeploymentServices,
    private readonly images: Images,
    private readonly engineConfig: EngineConfig,
  ) {}

  async removeServices({ lease }: ReconcileContext, deploymentIds: readonly string[]): Promise<void> {
    for (const deploymentId of deploymentIds) {
      await this.services.remove(serviceName(this.engineConfig.instance, deploymentId), lease.guard);
    }
  }

  /**
   * Waits a moment for the app containers of owners, none of which is to run.
   *
   * @returns false when some take longer to stop: come back later, and leave them what they need to end in order
   */
  haveStopped({ signal }: Pick<ReconcileContext, 'signal'>, ...owners: readonly Owner[]): Promise<boolean> {
    const areOver = async () => {
      for (const owner of owners) if (await this.services.hasContainers(owner)) return false;
      return true;
    };
    return waitUntil(areOver, { everyMs: 200, deadlineMs: 1_000 }, signal);
  }

  /**
   * Keeps the image that is live, the one before it, and those of deployments that are still on their way. An image is
   * given up in the database before it goes, so that nobody rolls back to what is not there.
   *
   * @returns false when an old version is still stopping, whose container holds its image: come back later
   */
  async removeOldImages(context: ReconcileContext): Promise<boolean> {
    const { id: environmentId, generation } = context.environment;
    const images = await this.images.listForEnvironment(environmentId);
    const builtFor = images.map(({ deploymentId }) => deploymentId);
    const old = await this.needed.giveUpOld(environmentId, builtFor);
    faultPoint('rollout.old-images-given-up');
    const given = images.filter(({ deploymentId }) => old.includes(deploymentId));
    const versions = given.map(({ deploymentId }) => ({ deploymentId }));
    if (!(await this.haveStopped(context, ...versions))) return false;
    const isOver = async () =>
      (await this.areGone(given, context)) ||
      !(await this.environments.isAtGeneration(environmentId, generation));
    await waitUntil(isOver, { everyMs: 250, deadlineMs: LETTING_GO_MS }, context.signal);
    return true;
  }

  /** Removes every image of an environment; its containers take a moment to stop and hold them until then. */
  async removeAllImages(context: ReconcileContext): Promise<void> {
    const environmentId = context.environment.id;
    await this.needed.giveUpAll(environmentId);
    faultPoint('destroy.images-given-up');
    const gone = async () => this.areGone(await this.images.listForEnvironment(environmentId), context);
    if (!(await waitUntil(gone, { everyMs: 250, deadlineMs: STOPPING_MS }, context.signal))) {
      throw new Error(`an image of ${environmentId} is still in use`);
    }
  }

  private async areGone(images: readonly { id: string }[], { lease }: ReconcileContext): Promise<boolean> {
    const removals: ImageRemoval[] = [];
    for (const { id } of images) removals.push(await this.images.remove(id, lease.guard));
    return !removals.includes('in-use');
  }
}
