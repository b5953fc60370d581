import { EngineConfig, ServicesConfig } from '@nexos/config';
import { DeploymentFailure, diskFull, saysDiskFull } from '@nexos/domain';
import { type JobEnd, OneOffJobs, sharedServiceName, SharedServices, SwarmNodes } from '@nexos/engine';
import { Injectable, Logger } from '@nestjs/common';
import type { ReconcileContext } from '../reconcile/reconcile-context.js';
import { ServiceCalls } from './service-calls.js';
import type { ServiceRecipe, ProvisioningTask } from './service-recipe.js';

const KEPT_LINES = 20;
const JOB_CPU = 1;
const JOB_MEMORY_MB = 256;

/** Where a service runs, and what. */
export interface ServicePlace {
  readonly nodeId: string;
  readonly imageId: string;
}

/** Does what is to be done in a project's services: by jobs on their network, for we are not on it, or by calls. */
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
   * Does one thing to its end on behalf of an environment.
   *
   * @param run what tells it from another job for the same service and environment
   * @throws {DeploymentFailure} `service_not_ready`, when the service does not come up or it does not succeed; at
   *   once when its machine is away; `disk_full`, when the engine cannot start it for want of space
   */
  async run(
    recipe: ServiceRecipe,
    task: ProvisioningTask,
    on: ReconcileContext & {
      place: ServicePlace;
      run: string;
      /** On whose behalf it runs, where that is not the environment: beside whatever is done for that. */
      executionId?: string;
    },
  ): Promise<void> {
    const { environment, place, lease, signal, executionId } = on;
    await this.throwIfAway(recipe, place.nodeId);
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

  /** What waits for a machine that is away would keep others waiting: whoever asked asks again. */
  private async throwIfAway({ title }: ServiceRecipe, nodeId: string): Promise<void> {
    const node = await this.nodes.find(nodeId);
    const why = node?.state === 'down' ? 'down' : node?.availability === 'drain' && 'drained';
    if (!why) return;
    throw notReady(
      `The machine with the data of ${title} is ${why}. What is there cannot be reached until it is back: tell the operator.`,
    );
  }

  private async conclude(
    recipe: ServiceRecipe,
    { environment, run }: Pick<ReconcileContext, 'environment'> & { run: string },
    end: JobEnd,
    lines: readonly string[],
  ): Promise<void> {
    if (end.kind === 'exited' && end.code === 0) return;
    this.logger.error(
      `${recipe.title} of ${environment.projectId}: "${run}" for ${environment.id} ${told(end)}: ${lines.join(' | ')}`,
    );
    throw await this.failure(recipe, environment.projectId, end);
  }

  private async failure(
    { title, kind }: ServiceRecipe,
    projectId: string,
    end: JobEnd,
  ): Promise<DeploymentFailure> {
    const full = (reason: string) => diskFull(new Error(reason), `machine with the data of ${title}`);
    if (end.kind === 'not-started' && saysDiskFull(end.reason)) return full(end.reason);
    if (end.kind !== 'timed-out') {
      return notReady(`${title} is not as it was left. Tell the operator; what was live stays live.`);
    }
    const tasks = await this.shared.tasks(sharedServiceName(this.engineConfig.instance, projectId, kind));
    // What is started again and again may just run: why it does not stay is told by the tasks before.
    const ended = tasks.filter(({ error }) => error !== undefined);
    const isUp = tasks[0]?.state === 'running' && ended.length < 2;
    const task = isUp ? tasks[0] : (ended[0] ?? tasks[0]);
    if (!isUp && saysDiskFull(task?.error ?? '')) return full(task?.error ?? '');
    const state = task === undefined ? 'it is not there' : `it is ${task.state}`;
    const seconds = Math.round(this.config.timeoutMs / 1000);
    return notReady(
      `${title} of the project did not answer within ${seconds} s: ${state}${task?.error === undefined ? '' : ` (${task.error})`}. Deploy again; if that does not help, tell the operator.`,
    );
  }
}

function told(end: JobEnd): string {
  if (end.kind === 'exited') return `ended with code ${end.code}`;
  return end.kind === 'timed-out' ? `was given up, ${end.lastState}` : `was not started (${end.reason})`;
}

function notReady(message: string): DeploymentFailure {
  return new DeploymentFailure('service_not_ready', message);
}
