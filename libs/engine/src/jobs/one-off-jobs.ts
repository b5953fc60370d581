import { setTimeout as wait } from 'node:timers/promises';
import { faultPoint } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineError, EngineNotFoundError } from '../client/engine-errors.js';
import { LABELS, type Labels, type Owner, labelFilter, ownerLabels } from '../client/engine-labels.js';
import { jobName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { ProjectNetworks } from '../services/project-networks.js';
import { untilStopped } from './job-containers.js';
import { JobDeadline } from './job-deadline.js';
import { type JobEnd, jobEnd } from './job-end.js';
import { JobOutput } from './job-output.js';
import type { OutputLine } from '../logs/service-logs.js';
import { type ServiceTask, isOver } from '../services/service-tasks.js';
import { SwarmServices } from '../services/swarm-services.js';
import { type TaskSpec, taskTemplate } from '../services/task-template.js';

const LOOK_EVERY_MS = 120;

/** Which job it is, and how long it may take. */
export interface OneOffRun {
  /** The environment, deployment or execution on whose behalf it runs. */
  readonly ownerId: string;
  /** At most eight characters. Two jobs of one owner and kind never run at once. */
  readonly kind: string;
  /** Tells this run from another of the same owner and kind, such as the attempt: an older one is done away with. */
  readonly run: string;
  /** Milliseconds after which it is given up. */
  readonly timeoutMs: number;
  /** Milliseconds that its container may take to run; with them, `timeoutMs` counts from when it runs. */
  readonly startMs?: number;
}

/** What it takes to run one command to its end. */
export interface OneOffJobSpec extends OneOffRun, TaskSpec {
  /** Whose network it is on, and what else it belongs to. */
  readonly owner: Owner & { readonly projectId: string };
}

/** What goes with a job while it is waited for. */
export interface OneOffWork {
  readonly guard?: Guard;
  /** Leaves the job alone, for another worker to wait for. */
  readonly signal: AbortSignal;
  /** Is told what it writes, as it comes; from its first line on, whoever began it. */
  readonly onLine?: (line: OutputLine) => void;
  /** Leaves what is left of it on the engine, for whoever asks for the same run again; see `removeAll`. */
  readonly isKept?: boolean;
}

/** Somebody took a job away that was waited for. */
export class JobGoneError extends EngineError {}

/** Commands that run once, in a container on a project's network, on whichever node suits. */
@Injectable()
export class OneOffJobs extends SwarmServices {
  constructor(
    client: EngineClient,
    private readonly networks: ProjectNetworks,
  ) {
    super(client);
  }

  /**
   * Runs a command to its end and takes its container away. A job that another worker began and did not live to see
   * the end of is not begun again: its end is waited for.
   *
   * @throws {JobGoneError} when it was taken away meanwhile
   * @throws the signal's reason, once it is aborted
   */
  async run(spec: OneOffJobSpec, work: OneOffWork): Promise<JobEnd> {
    const name = jobName(this.client.instance, spec.ownerId, spec.kind);
    const id = await this.begin(name, spec, work.guard ?? UNGUARDED, work.signal);
    faultPoint('job.begun');
    return this.seeThrough(name, id, spec, work);
  }

  /** Waits for the end of a job that was begun before, as `run` does; null when it is not on the engine. */
  async adopt(run: OneOffRun, work: OneOffWork): Promise<JobEnd | null> {
    const name = jobName(this.client.instance, run.ownerId, run.kind);
    const found = await this.find(name);
    if (found?.Spec?.Labels?.[LABELS.job] !== run.run) return null;
    return this.seeThrough(name, found.ID, run, work);
  }

  /**
   * Takes away what is left of an owner's jobs, of which a worker did not live to see the end, and waits until none of
   * them runs any more. Those of executions go with their execution alone.
   *
   * @param spared the run of a deployment that stays
   */
  async removeAll(
    owner: Owner,
    guard: Guard,
    signal: AbortSignal,
    spared?: { readonly deploymentId: string; readonly run: string },
  ): Promise<void> {
    const label = [...labelFilter(this.client.instance, owner), LABELS.job];
    const isMeant = (labels: Labels) => {
      if (owner.executionId === undefined && labels[LABELS.execution] !== undefined) return false;
      return labels[LABELS.deployment] !== spared?.deploymentId || labels[LABELS.job] !== spared?.run;
    };
    for (const { Spec } of await this.list(label)) {
      if (isMeant(Spec?.Labels ?? {})) await this.remove(Spec?.Name ?? '', guard);
    }
    await untilStopped(this.client, { label }, isMeant, signal);
  }

  /** The deployments of an owner whose job of that kind and run has exited with 0 and is still on the engine. */
  async listSucceeded(owner: Owner, { kind, run }: Pick<OneOffRun, 'kind' | 'run'>): Promise<string[]> {
    const { instance } = this.client;
    const succeeded: string[] = [];
    for (const { Spec } of await this.list([...labelFilter(instance, owner), `${LABELS.job}=${run}`])) {
      const deploymentId = Spec?.Labels?.[LABELS.deployment];
      if (deploymentId === undefined || Spec?.Name !== jobName(instance, deploymentId, kind)) continue;
      const [newest] = await this.tasks(Spec.Name);
      if (newest?.state === 'complete') succeeded.push(deploymentId);
    }
    return succeeded;
  }

  /** The variables that the container of a job was told, whoever began it; null when it is not on the engine. */
  variablesOf({ ownerId, kind }: OneOffRun): Promise<Record<string, string> | null> {
    return this.environmentOf(jobName(this.client.instance, ownerId, kind));
  }

  /** The executions that have a job on the engine. */
  async listExecutions(): Promise<string[]> {
    const jobs = await this.list([...labelFilter(this.client.instance, {}), LABELS.job, LABELS.execution]);
    return [...new Set(jobs.map(({ Spec }) => Spec?.Labels?.[LABELS.execution] ?? ''))];
  }

  private list(label: string[]): Promise<Docker.Service[]> {
    return this.client.call((docker) => docker.listServices({ filters: { label } }));
  }

  private async seeThrough(name: string, id: string, run: OneOffRun, work: OneOffWork): Promise<JobEnd> {
    const { guard = UNGUARDED, signal, onLine, isKept = false } = work;
    const end = await this.watch(id, new JobDeadline(run), signal, onLine);
    faultPoint('job.ended');
    if (!isKept || end.kind === 'timed-out') await this.takeAway(name, guard, signal);
    return end;
  }

  /** Two runs of one kind would meet on what they change: an older one's container is gone before this one's starts. */
  private async begin(name: string, spec: OneOffJobSpec, guard: Guard, signal: AbortSignal): Promise<string> {
    const found = await this.find(name);
    if (found?.Spec?.Labels?.[LABELS.job] === spec.run) return found.ID;
    await this.takeAway(name, guard, signal);
    const network = await this.networks.require(spec.owner.projectId);
    const options = jobSpec(this.client.instance, name, network.id, spec);
    try {
      const { id } = await this.client.change(guard, (docker) => docker.createService(options));
      return id;
    } catch (error) {
      if (!(error instanceof EngineConflictError)) throw error;
      const made = await this.inspect(name);
      if (made.Spec?.Labels?.[LABELS.job] !== spec.run) throw error;
      return made.ID;
    }
  }

  private async watch(
    id: string,
    deadline: JobDeadline,
    signal: AbortSignal,
    onLine: ((line: OutputLine) => void) | undefined,
  ): Promise<JobEnd> {
    const output = new JobOutput(this.client, id, onLine);
    try {
      let newest: ServiceTask | undefined;
      do {
        newest = await this.newestTask(id);
        if (newest !== undefined && isOver(newest.state)) break;
        if (newest?.state === 'running') output.follow();
        await wait(LOOK_EVERY_MS, undefined, { signal });
      } while (!deadline.isOver(newest));
      const end = jobEnd(newest);
      if (end.kind !== 'not-started') await output.finish(signal);
      return end;
    } finally {
      output.stop();
    }
  }

  /** @throws {JobGoneError} when the job was taken away meanwhile */
  private async newestTask(id: string): Promise<ServiceTask | undefined> {
    try {
      const [task] = await this.tasksOf(id);
      return task;
    } catch (error) {
      if (!(error instanceof EngineNotFoundError)) throw error;
      throw new JobGoneError('The job was taken away before its end.', { cause: error });
    }
  }

  /** A job's container has its grace period, and is not gone when the engine says that the service is. */
  private async takeAway(name: string, guard: Guard, signal: AbortSignal): Promise<void> {
    await this.remove(name, guard);
    await untilStopped(this.client, { name: [`${name}.`] }, () => true, signal);
  }
}

/**
 * Not a service in Swarm's own job mode: engine 20.10 lets the container of such a job run on when the job is removed.
 * A replicated service that is not restarted has its container stopped.
 */
function jobSpec(instance: string, name: string, networkId: string, spec: OneOffJobSpec): Docker.ServiceSpec {
  const labels = { ...ownerLabels(instance, spec.owner), [LABELS.job]: spec.run };
  return {
    Name: name,
    Labels: labels,
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: taskTemplate(spec, {
      labels,
      networkId,
      restart: { Condition: 'none', MaxAttempts: 0 },
    }),
  };
}
