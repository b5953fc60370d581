import { EngineConfig, faultPoint, IngressConfig } from '@nexos/config';
import { type DeploymentEntity, type Lease, Leases } from '@nexos/database';
import { subnetAt } from '@nexos/domain';
import { ProjectNetworks, relayName, RelayServices, VersionNetworks } from '@nexos/engine';
import { SubnetsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { waitUntil } from '../wait-until.js';
import type { ReconcileContext } from './reconcile-context.js';
import { Siblings } from './siblings.js';

const LEASE_WAIT_MS = 60_000;
const STOPPING_MS = 60_000;
/** Another destroyed environment may take longer to leave the network; that is checked again later. */
const SIBLING_STOPPING_MS = 2_000;

/** Another worker holds what the project's environments share; retry later. */
export class ProjectBusyError extends Error {
  constructor(projectId: string, reason = 'another worker holds its lease') {
    super(`project ${projectId} is busy: ${reason}`);
    this.name = 'ProjectBusyError';
  }
}

/** Manages the networks that a project's environments share, and those of versions with several containers. */
@Injectable()
export class ProjectNetwork {
  constructor(
    private readonly siblings: Siblings,
    private readonly leases: Leases,
    private readonly networks: ProjectNetworks,
    private readonly versionNetworks: VersionNetworks,
    private readonly relays: RelayServices,
    private readonly subnets: SubnetsRepository,
    private readonly engineConfig: EngineConfig,
    private readonly ingress: IngressConfig,
  ) {}

  /** Ensures that the networks exist. */
  async prepare(projectId: string, signal: AbortSignal): Promise<void> {
    if (await this.networks.exist(projectId)) return;
    await this.hold(projectId, signal, async ({ guard }) => {
      await this.networks.ensure(projectId, () => this.nextSubnet(), guard);
      faultPoint('rollout.network-made');
    });
  }

  /** Ensures that a version with several containers has its own network. A single container needs none. */
  async prepareVersion(
    { environment, lease }: ReconcileContext,
    { id, settings }: DeploymentEntity,
  ): Promise<void> {
    if (settings.containers.length === 0) return;
    const version = { projectId: environment.projectId, environmentId: environment.id, deploymentId: id };
    await this.versionNetworks.ensure(version, lease.guard);
  }

  /**
   * Removes the networks of an environment's versions.
   *
   * @param needed the deployments whose networks stay
   * @returns false when one is still in use, such as by a command; call again later
   */
  async releaseVersions(
    { environment, lease }: ReconcileContext,
    needed: ReadonlySet<string>,
  ): Promise<boolean> {
    const networks = await this.versionNetworks.listForEnvironment(environment.id);
    let areGone = true;
    for (const network of networks.filter(({ deploymentId }) => !needed.has(deploymentId))) {
      if ((await this.versionNetworks.remove(network, lease.guard)) === 'in-use') areGone = false;
    }
    return areGone;
  }

  private async nextSubnet(): Promise<string> {
    return subnetAt(this.ingress.addressPool, await this.subnets.next());
  }

  /**
   * Removes the networks and the relay when no environment of the project needs it. An environment whose app is still stopping does so
   * itself once that has stopped.
   *
   * @returns false when another environment that is being destroyed still uses them; call again later
   */
  async release(projectId: string, goingEnvironmentId: string, signal: AbortSignal): Promise<boolean> {
    let isReleased = true;
    await this.hold(projectId, signal, async (lease) => {
      const siblings = await this.siblings.stateOf(projectId, goingEnvironmentId);
      if (siblings === 'stay' || siblings === 'stopping') return;
      await this.relays.remove(relayName(this.engineConfig.instance, projectId), lease.guard);
      faultPoint('destroy.relay-removed');
      // Swarm removes a network at once, but the engine lists it until the last container leaves.
      const isGone = async () => {
        return (
          (await this.networks.remove(projectId, lease.guard)) !== 'in-use' &&
          (await this.networks.find(projectId)) === null
        );
      };
      const deadlineMs = siblings === 'none' ? STOPPING_MS : SIBLING_STOPPING_MS;
      isReleased = await waitUntil(
        isGone,
        { everyMs: 250, deadlineMs },
        AbortSignal.any([signal, lease.signal]),
      );
      if (!isReleased && siblings === 'none') throw new Error(`the network of ${projectId} is still in use`);
    });
    return isReleased;
  }

  /**
   * Runs `work` while holding the project's lease, after waiting for it.
   *
   * @throws {ProjectBusyError} when another worker holds the lease for a minute
   */
  async hold(projectId: string, signal: AbortSignal, work: (lease: Lease) => Promise<void>): Promise<void> {
    const done = async () => {
      const held = await this.leases.hold('projects', projectId, async (lease) => {
        await work(lease);
        return { done: true };
      });
      return held !== null;
    };
    if (!(await waitUntil(done, { everyMs: 200, deadlineMs: LEASE_WAIT_MS }, signal))) {
      throw new ProjectBusyError(projectId);
    }
  }
}
