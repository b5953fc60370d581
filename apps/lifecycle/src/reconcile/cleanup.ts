import { faultPoint } from '@nexos/config';
import { EnvironmentsRepository, ImagesRepository } from '@nexos/state';
import { DeploymentServices, type ImageRemoval, Images, type Owner } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import { waitUntil } from '../wait-until.js';
import { LastOutput } from '../runtime-logs/last-output.js';
import type { ReconcileContext } from './reconcile-context.js';

/**
 * Versions of an environment that may still be stopping while another one starts beside the live one. An app may take ten minutes to
 * stop, and without a bound, versions that follow one another quickly would take many times what its account may use.
 */
const LEAVING_VERSIONS = 1;
const STOPPING_MS = 60_000;
/** Time for the engine to remove a stopped container; slower removals are left to the next cleanup. */
const REMOVAL_MS = 12_000;

/** Removes what an environment no longer needs: the services and images of old versions. */
@Injectable()
export class Cleanup {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly imageRows: ImagesRepository,
    private readonly services: DeploymentServices,
    private readonly images: Images,
    private readonly output: LastOutput,
  ) {}

  /** Removes the services of versions that were replaced or failed. What their containers wrote last is kept. */
  async removeVersions(context: ReconcileContext, deploymentIds: readonly string[]): Promise<void> {
    if (deploymentIds.length === 0) return;
    const { id, projectId } = context.environment;
    const services = await this.services.listForEnvironment(id);
    const old = services.filter(({ deploymentId }) => deploymentIds.includes(deploymentId));
    await Promise.all(
      old.map(({ deploymentId, container }) =>
        this.output.follow({ deploymentId, container, projectId }, context.signal),
      ),
    );
    await this.removeServices(context, deploymentIds);
  }

  /** Removes the services of deployments: those of all containers, and two of each after a move to another node. */
  async removeServices(
    { environment, lease }: ReconcileContext,
    deploymentIds: readonly string[],
  ): Promise<void> {
    if (deploymentIds.length === 0) return;
    for (const { name, deploymentId } of await this.services.listForEnvironment(environment.id)) {
      if (deploymentIds.includes(deploymentId)) await this.services.remove(name, lease.guard);
    }
  }

  /**
   * Waits up to a second for the containers of the owners' deployments to stop.
   *
   * @returns false when some are still running; keep what they need to shut down, and call again later
   */
  haveStopped({ signal }: Pick<ReconcileContext, 'signal'>, ...owners: readonly Owner[]): Promise<boolean> {
    const haveAllStopped = async () => {
      for (const owner of owners) if (await this.services.hasContainers(owner)) return false;
      return true;
    };
    return waitUntil(haveAllStopped, { everyMs: 200, deadlineMs: 1_000 }, signal);
  }

  /**
   * Waits up to a second until few enough earlier versions are left that are still stopping.
   *
   * @param starting the deployment that is about to start
   * @returns false when there are still too many; call again later
   */
  isRoomBeside({ environment, signal }: ReconcileContext, starting: string): Promise<boolean> {
    const isRoom = async () => {
      const running = await this.services.listRunningDeployments(environment.id);
      const leaving = running.filter((id) => id !== starting && id !== environment.liveDeploymentId);
      return leaving.length <= LEAVING_VERSIONS;
    };
    return waitUntil(isRoom, { everyMs: 200, deadlineMs: 1_000 }, signal);
  }

  /**
   * Removes old images, but keeps the live one, the previous one and those of unfinished deployments. Marks images as
   * removed in the database first, so that nobody rolls back to a missing image.
   *
   * @returns false when an old version is still stopping and its container holds its image; call again later
   */
  async removeOldImages(context: ReconcileContext): Promise<boolean> {
    const { id: environmentId, generation } = context.environment;
    const images = await this.images.listForEnvironment(environmentId);
    const builtFor = images.map(({ deploymentId }) => deploymentId);
    const old = await this.imageRows.evictOld(environmentId, builtFor);
    faultPoint('rollout.old-images-given-up');
    const evicted = images.filter(({ deploymentId }) => old.includes(deploymentId));
    const versions = evicted.map(({ deploymentId }) => ({ deploymentId }));
    if (!(await this.haveStopped(context, ...versions))) return false;
    const isDone = async () =>
      (await this.areGone(evicted, context)) ||
      !(await this.environments.isAtGeneration(environmentId, generation));
    await waitUntil(isDone, { everyMs: 250, deadlineMs: REMOVAL_MS }, context.signal);
    return true;
  }

  /** Removes all images of an environment, waiting until its containers stop and free them. */
  async removeAllImages(context: ReconcileContext): Promise<void> {
    const environmentId = context.environment.id;
    await this.imageRows.evictAll(environmentId);
    faultPoint('destroy.images-given-up');
    const areAllGone = async () => this.areGone(await this.images.listForEnvironment(environmentId), context);
    if (!(await waitUntil(areAllGone, { everyMs: 250, deadlineMs: STOPPING_MS }, context.signal))) {
      throw new Error(`an image of ${environmentId} is still in use`);
    }
  }

  private async areGone(images: readonly { id: string }[], { lease }: ReconcileContext): Promise<boolean> {
    const removals: ImageRemoval[] = [];
    for (const { id } of images) removals.push(await this.images.remove(id, lease.guard));
    return !removals.includes('in-use');
  }
}
