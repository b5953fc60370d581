import { EngineConfig, WorkerConfig } from '@nexos/config';
import {
  BridgePlacement,
  DeploymentServices,
  type DeploymentService,
  EngineError,
  RelayServices,
  serviceName,
  SharedServices,
  type SharedService,
} from '@nexos/engine';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { DeploymentMovesRepository, RoutesRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { doubledDeployments } from '../nodes/doubled-deployments.js';
import { ProjectBusyError, ProjectNetwork } from '../reconcile/project-network.js';
import { ServiceRecipes } from '../services/service-recipes.js';
import { Relays } from './relays.js';

/** Turns between two looks at the engine while nothing is to be moved. */
const IDLE_TURNS = 4;
/** Relays that start at the same time. */
const AT_ONCE = 4;

/** What is behind relays: services that are not on the bridge of their project. */
interface Relayed {
  /** Services of apps that run, or have a route. */
  readonly apps: readonly DeploymentService[];
  /** Those among them that have a route. */
  readonly live: readonly DeploymentService[];
  readonly shared: readonly SharedService[];
}

/**
 * Keeps a relay for each project that needs one, and moves what need not be behind it onto the bridge: after an upgrade
 * from a release without bridges, and after the Swarm has lost its last other node. That happens in the background, one
 * service at a time.
 */
@Injectable()
export class RelaySweeper extends PeriodicTask {
  private readonly logger = new Logger(RelaySweeper.name);
  private readonly stopping = new AbortController();
  /** The projects whose relay this process has seen to; a new release may configure them differently. */
  private readonly ensured = new Set<string>();
  private idleTurns = 0;
  private leftToMove = 0;

  constructor(
    private readonly routes: RoutesRepository,
    private readonly moves: DeploymentMovesRepository,
    private readonly relays: Relays,
    private readonly relayServices: RelayServices,
    private readonly services: DeploymentServices,
    private readonly shared: SharedServices,
    private readonly placement: BridgePlacement,
    private readonly network: ProjectNetwork,
    private readonly recipes: ServiceRecipes,
    private readonly queues: JobQueues,
    private readonly engineConfig: EngineConfig,
    config: WorkerConfig,
  ) {
    super('relays', config.sweepMs);
  }

  override async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await super.beforeApplicationShutdown();
  }

  async run(): Promise<void> {
    if (this.leftToMove === 0 && this.idleTurns++ % IDLE_TURNS !== 0) return;
    const [apps, shared, present] = await Promise.all([
      this.services.listAll(),
      this.shared.listAll(),
      this.relayServices.list(),
    ]);
    const relayed = await this.relayedAmong(apps, shared);
    const needed = projectsOf(relayed);
    const missing = [...needed].filter((id) => !present.includes(id) || !this.ensured.has(id));
    for (let from = 0; from < missing.length; from += AT_ONCE) {
      await Promise.all(missing.slice(from, from + AT_ONCE).map((id) => this.start(id)));
    }
    for (const id of present) if (!needed.has(id)) await this.attempt(id, () => this.removeUnneeded(id));
    await this.moveNext(apps, relayed);
  }

  private async relayedAmong(
    apps: readonly DeploymentService[],
    shared: readonly SharedService[],
  ): Promise<Relayed> {
    const off = apps.filter(({ isOnBridge }) => !isOnBridge);
    const routes = off.length === 0 ? [] : await this.routes.all();
    const { instance } = this.engineConfig;
    const routed = new Set(
      routes.map(({ deploymentId, moves, index }) => serviceName(instance, deploymentId, moves, index)),
    );
    return {
      // An app that keeps exiting has no container now and then.
      apps: off.filter(({ name, replicas }) => replicas > 0 || routed.has(name)),
      live: off.filter(({ name }) => routed.has(name)),
      shared: shared.filter(
        ({ kind, isOnBridge, replicas }) => !isOnBridge && replicas > 0 && this.recipes.isBehindIngress(kind),
      ),
    };
  }

  private async start(projectId: string): Promise<void> {
    await this.attempt(projectId, async () => {
      await this.relays.ensure(projectId, this.stopping.signal);
      this.ensured.add(projectId);
    });
  }

  /** Removes a relay. Looks again under the project's lease: nobody starts to use it without that. */
  private async removeUnneeded(projectId: string): Promise<void> {
    await this.network.hold(projectId, this.stopping.signal, async ({ guard }) => {
      const [apps, shared] = await Promise.all([
        this.services.listForProject(projectId),
        this.shared.listForProject(projectId),
      ]);
      if (projectsOf(await this.relayedAmong(apps, shared)).size > 0) return;
      await this.relayServices.remove(this.relays.nameOf(projectId), guard);
      this.logger.log(`removed the relay of ${projectId}`);
    });
  }

  /** Has the next service moved, unless one is being moved. */
  private async moveNext(apps: readonly DeploymentService[], { apps: all, live, shared }: Relayed) {
    const belongs = all.length + shared.length === 0 ? () => false : await this.placement.rule();
    const ids = [...new Set(live.map((app) => app.deploymentId))];
    const rows = ids.length === 0 ? [] : await this.moves.findAll(ids);
    const movable = rows.filter(({ isLive, imageNodeId }) => isLive && belongs(imageNodeId));
    const busy = new Set(all.map(({ projectId }) => projectId));
    const restartable = shared.filter(({ nodeId }) => nodeId !== null && belongs(nodeId));
    this.report(movable.length + restartable.length);
    if (doubledDeployments(apps).size > 0) return;
    const next = movable.find(({ isCalm }) => isCalm);
    if (next !== undefined) {
      const { environmentId } = next;
      const job = { queue: 'lifecycle', name: 'move-environment', payload: { environmentId } } as const;
      await this.queues.reenqueue([{ job, key: `move-${environmentId}` }]);
      return;
    }
    // Its restart interrupts its users for a moment, so it happens only if the relay can go then.
    const last = restartable.find(({ projectId }) => !busy.has(projectId));
    if (last !== undefined) await this.attempt(last.projectId, () => this.restart(last));
  }

  private async restart({ name, projectId, nodeId }: SharedService): Promise<void> {
    if (nodeId === null) return;
    await this.network.prepare(projectId, this.stopping.signal);
    await this.network.hold(projectId, this.stopping.signal, ({ guard }) =>
      this.shared.joinBridge({ name, nodeId }, guard),
    );
    this.logger.log(`restarted ${name} on the bridge of its project`);
  }

  private report(left: number): void {
    if (left === this.leftToMove) return;
    this.leftToMove = left;
    this.logger.log(
      left === 0 ? 'everything is on the bridges' : `${left} service(s) left to move to bridges`,
    );
  }

  /** Logs a failure, so that the other projects proceed; the next turn retries it. */
  private async attempt(projectId: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      if (!(error instanceof EngineError || error instanceof ProjectBusyError)) throw error;
      this.logger.warn(`could not see to the relay of ${projectId}: ${error.message}`);
    }
  }
}

function projectsOf({ apps, shared }: Relayed): Set<string> {
  return new Set([...apps, ...shared].map(({ projectId }) => projectId));
}
