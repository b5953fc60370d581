import { faultPoint, IngressConfig } from '@nexos/config';
import { type Lease, Leases } from '@nexos/database';
import { EngineNotFoundError, ProjectNetworks } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import { waitUntil } from '../wait-until.js';
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

/** Manages what a project's environments share on the engine: its network, and the ingress on it. */
@Injectable()
export class ProjectNetwork {
  constructor(
    private readonly siblings: Siblings,
    private readonly leases: Leases,
    private readonly networks: ProjectNetworks,
    private readonly ingress: IngressConfig,
  ) {}

  /** Ensures that the network exists and the ingress is connected to it. */
  async prepare(projectId: string, signal: AbortSignal): Promise<void> {
    await this.hold(projectId, signal, async ({ guard }) => {
      if (await this.networks.isConnected(this.ingress.container, projectId)) return;
      const isReady = async () => {
        await this.networks.ensure(projectId, guard);
        faultPoint('rollout.network-made');
        return this.connect(projectId, guard);
      };
      if (!(await waitUntil(isReady, { everyMs: 250, deadlineMs: STOPPING_MS }, signal))) {
        throw new ProjectBusyError(projectId, 'its network is still being removed');
      }
    });
  }

  /** Connects the ingress. Returns false while the existing network is being removed with the last environment. */
  private async connect(projectId: string, guard: Lease['guard']): Promise<boolean> {
    try {
      await this.networks.connect(this.ingress.container, projectId, guard);
      return true;
    } catch (error) {
      if (!(error instanceof EngineNotFoundError)) throw error;
      return false;
    }
  }

  /**
   * Removes the network when no environment of the project needs it. An environment whose app is still stopping does so
   * itself once that has stopped.
   *
   * @returns false when another environment that is being destroyed still uses the network; call again later
   */
  async release(projectId: string, goingEnvironmentId: string, signal: AbortSignal): Promise<boolean> {
    let isReleased = true;
    await this.hold(projectId, signal, async (lease) => {
      const siblings = await this.siblings.stateOf(projectId, goingEnvironmentId);
      if (siblings === 'stay' || siblings === 'stopping') return;
      // Swarm removes a network at once, but the engine lists it until the last container leaves.
      const isGone = async () => {
        await this.networks.disconnect(this.ingress.container, projectId, lease.guard);
        faultPoint('destroy.ingress-disconnected');
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
