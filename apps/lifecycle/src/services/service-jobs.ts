import { EngineConfig, ServicesConfig } from '@nexos/config';
import { DeploymentFailure, diskFull, mentionsDiskFull } from '@nexos/domain';
import {
  type JobEnd,
  OneOffJobs,
  type ServiceTask,
  sharedServiceName,
  SharedServices,
  SwarmNodes,
} from '@nexos/engine';
import { Injectable, Logger } from '@nestjs/common';
import type { ReconcileContext } from '../reconcile/reconcile-context.js';
import { ServiceCalls } from './service-calls.js';
import type { ServiceRecipe, ProvisioningTask } from './service-recipe.js';

const KEPT_LINES = 20;
const JOB_CPU = 1;
const JOB_MEMORY_MB = 256;

/** The node and image of a service. */
export interface ServicePlace {
  readonly nodeId: string;
  readonly imageId: string;
}

/**
 * Runs provisioning tasks in a project's services, as calls or as jobs on the project's network, which we cannot reach.
 */
@Injectable()
export class ServiceJobs {
  private readonly logger = new Logger(ServiceJobs.name);

  constructor(
    private readonly jobs: OneOffJobs,
    private readonly calls: ServiceCalls,
    private readonly shared: SharedServices,
    private readonly nodes: SwarmNodes,
    private readonly engineConfig: EngineConfig,
    private readonly config: ServicesConfig,
  ) {}

  /**
   * Runs one task to its end on behalf of an environment.
   *
   * @param run distinguishes the task from others for the same service and environment
   * @throws {DeploymentFailure} `service_not_ready` when the service does not come up or the task fails, and at once
   *   when its node is unreachable; `disk_full` when the engine has no space to start it
   */
  async run(
    recipe: ServiceRecipe,
    task: ProvisioningTask,
    on: ReconcileContext & {
      place: ServicePlace;
      run: string;
      /** Set when the task runs for an execution, alongside the environment's own tasks. */
      executionId?: string;
    },
  ): Promise<void> {
    const { environment, place, lease, signal, executionId } = on;
    await this.assertReachable(recipe, task, place.nodeId);
    const lines: string[] = [];
    const onLine = (text: string) => {
      lines.push(text);
      if (lines.length > KEPT_LINES) lines.shift();
    };
    if ('call' in task) {
      const called = { projectId: environment.projectId, kind: recipe.kind, guard: lease.guard, signal };
      return this.conclude(recipe, on, await this.calls.run(task, called, onLine), lines);
    }
    const end = await this.jobs.run(
      {
        owner: {
          projectId: environment.projectId,
          environmentId: environment.id,
          ...(executionId !== undefined && { executionId }),
        },
        ownerId: executionId ?? environment.id,
        kind: recipe.kind,
        run: on.run,
        image: place.imageId,
        nodeId: place.nodeId,
        ...task,
        cpu: JOB_CPU,
        memoryMb: JOB_MEMORY_MB,
        stopGraceSeconds: 1,
        timeoutMs: this.config.timeoutMs,
      },
      { guard: lease.guard, signal, onLine: ({ text }) => onLine(text) },
    );
    await this.conclude(recipe, on, end, lines);
  }

  /** Fails at once when the node is unreachable, since waiting would block others; the caller retries. */
  private async assertReachable(
    { title }: ServiceRecipe,
    task: ProvisioningTask,
    nodeId: string,
  ): Promise<void> {
    const node = await this.nodes.find(nodeId);
    const why = node?.state === 'down' ? 'down' : node?.availability === 'drain' && 'drained';
    if (why) {
      throw notReady(
        `The node that holds the ${title} data is ${why}, and the data is unreachable until the node is back. Tell the operator.`,
      );
    }
    if (node?.availability === 'pause' && !('call' in task)) {
      throw notReady(
        `The node that holds the ${title} data takes no new work, so nothing can be set up there. Tell the operator.`,
      );
    }
  }

  private async conclude(
    recipe: ServiceRecipe,
    { environment, run }: Pick<ReconcileContext, 'environment'> & { run: string },
    end: JobEnd,
    lines: readonly string[],
  ): Promise<void> {
    if (end.kind === 'exited' && end.code === 0) return;
    this.logger.error(
      `${recipe.title} of ${environment.projectId}: "${run}" for ${environment.id} ${describe(end)}: ${lines.join(' | ')}`,
    );
    throw await this.failure(recipe, environment.projectId, end);
  }

  private async failure(
    { title, kind }: ServiceRecipe,
    projectId: string,
    end: JobEnd,
  ): Promise<DeploymentFailure> {
    const full = (reason: string) => diskFull(new Error(reason), `node that holds the ${title} data`);
    if (end.kind === 'not-started' && mentionsDiskFull(end.reason)) return full(end.reason);
    if (end.kind !== 'timed-out') {
      return notReady(
        `The ${title} server did not apply the change. Tell the operator; the live version stays live.`,
      );
    }
    const tasks = await this.shared.tasks(sharedServiceName(this.engineConfig.instance, projectId, kind));
    // A crash-looping task may be running right now; the earlier tasks say why it crashes.
    const ended = tasks.filter(({ error }) => error !== undefined);
    const isUp = tasks[0]?.state === 'running' && ended.length < 2;
    const task = isUp ? tasks[0] : (ended[0] ?? tasks[0]);
    if (!isUp && mentionsDiskFull(task?.error ?? '')) return full(task?.error ?? '');
    if (isWaitingForRoom(tasks[0])) return noRoom(title);
    const state = task === undefined ? 'it does not exist' : `it is ${task.state}`;
    const seconds = Math.round(this.config.timeoutMs / 1000);
    return notReady(
      `The project's ${title} server did not answer within ${seconds} s: ${state}${task?.error === undefined ? '' : ` (${task.error})`}. Deploy again; if that does not help, tell the operator.`,
    );
  }
}

function describe(end: JobEnd): string {
  if (end.kind === 'exited') return `ended with code ${end.code}`;
  return end.kind === 'timed-out' ? `timed out (${end.lastState})` : `did not start (${end.reason})`;
}

/** Reports whether Swarm has not started a container because its node's memory is reserved by others. */
export function isWaitingForRoom(task: ServiceTask | undefined): boolean {
  return task?.state === 'pending' && /insufficient resources/i.test(task.error ?? '');
}

/** Returns the failure of a project's service for which its node has too little memory. */
export function noRoom(title: string): DeploymentFailure {
  return new DeploymentFailure(
    'no_capacity',
    `The node that holds the ${title} data has too little unreserved memory to start the project's ${title} server. Pause or destroy environments, or ask the operator for more memory.`,
  );
}

function notReady(message: string): DeploymentFailure {
  return new DeploymentFailure('service_not_ready', message);
}
