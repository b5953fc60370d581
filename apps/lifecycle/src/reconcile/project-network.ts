import { faultPoint, IngressConfig } from '@nexos/config';
import { type Lease, Leases } from '@nexos/database';
import { EngineNotFoundError, ProjectNetworks } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import { waitUntil } from '../wait-until.js';
import { Siblings } from './siblings.js';

const LEASE_WAIT_MS = 60_000;
const STOPPING_MS = 60_000;
/** What another environment that is destroyed has on the network may take longer; it is looked at again later. */
const SIBLING_STOPPING_MS = 2_000;

/** Somebody else works on what the environments of the project share; later it can be done. */
export class ProjectBusyError extends Error {
  constructor(projectId: string, why = 'somebody else works on it') {
    super(`project ${projectId} is busy: ${why}`);
    this.name = 'ProjectBusyError';
  }
}

/** What the environments of a project share on the engine: its network, and the ingress on it. */
@Injectable()
export class ProjectNetwork {
  constructor(
    private readonly siblings: Siblings,
    private readonly leases: Leases,
    private readonly networks: ProjectNetworks,
    private readonly ingress: IngressConfig,
  ) {}

  /** Makes the network, and connects the ingress to it, where that is not so yet. */
  async prepare(projectId: string, signal: AbortSignal): Promise<void> {
    await this.hold(projectId, signal, async ({ guard }) => {
      if (await this.networks.isConnected(this.ingress.container, projectId)) return;
      const isThere = async () => {
        await this.networks.ensure(projectId, guard);
        faultPoint('rollout.network-made');
        return this.connect(projectId, guard);
      };
      if (!(await waitUntil(isThere, { everyMs: 250, deadlineMs: STOPPING_MS }, signal))) {
        throw new ProjectBusyError(projectId, 'its network is still on its way out');
      }
    });
  }

  /** False while the network that is there is on its way out, with an environment that was the last one. */
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
   * Removes the network when no environment of the project needs it any more. One whose app is still stopping does so
   * itself, once it has stopped.
   *
   * @returns false when something else of an environment that is being destroyed is still on it: come back later
   */
  async release(projectId: string, goingEnvironmentId: string, signal: AbortSignal): Promise<boolean> {
    let isReleased = true;
    await this.hold(projectId, signal, async (lease) => {
      const siblings = await this.siblings.stateOf(projectId, goingEnvironmentId);
      if (siblings === 'stay' || siblings === 'stopping') return;
      // Swarm forgets a network at once; the engine lists it until the last container has left it.
      const gone = async () => {
        await this.networks.disconnect(this.ingress.container, projectId, lease.guard);
        faultPoint('destroy.ingress-disconnected');
        return (
          (await this.networks.remove(projectId, lease.guard)) !== 'in-use' &&
          (await this.networks.find(projectId)) === null
        );
      };
      const deadlineMs = siblings === 'none' ? STOPPING_MS : SIBLING_STOPPING_MS;
      isReleased = await waitUntil(
        gone,
        { everyMs: 250, deadlineMs },
        AbortSignal.any([signal, lease.signal]),
      );
      if (!isReleased && siblings === 'none') throw new Error(`the network of ${projectId} is still in use`);
    });
    return isReleased;
  }

  /**
   * Runs `work` while holding the project's lease, once nobody else does.
   *
   * @throws {ProjectBusyError} when somebody else has it for a minute
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
