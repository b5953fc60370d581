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
import { waitUntilStopped } from './job-containers.js';
import { JobDeadline } from './job-deadline.js';
import { type JobEnd, jobEnd } from './job-end.js';
import { JobOutput } from './job-output.js';
import type { OutputLine } from '../logs/service-logs.js';
import { type ServiceTask, isOver } from '../services/service-tasks.js';
import { SwarmServices } from '../services/swarm-services.js';
import { type TaskSpec, taskTemplate } from '../services/task-template.js';
import { VersionNetworks } from '../services/version-networks.js';

const POLL_MS = 120;

/** Identifies a job and limits its time. */
export interface OneOffRun {
  /** The environment, deployment or execution that the job runs for. */
  readonly ownerId: string;
  /** At most eight characters. Two jobs of one owner and kind never run concurrently. */
  readonly kind: string;
  /** Distinguishes runs of the same owner and kind, such as attempts; a new run replaces an older one. */
  readonly run: string;
  /** Milliseconds after which the job times out. */
  readonly timeoutMs: number;
  /** Milliseconds its container may take to start; if set, `timeoutMs` counts from when the container runs. */
  readonly startMs?: number;
}

/** The specification of a command to run to its end. */
export interface OneOffJobSpec extends OneOffRun, TaskSpec {
  /** The job's owner; the job runs on its project's network. */
  readonly owner: Owner & { readonly projectId: string };
  /** The version whose containers it reaches by their names, if that has several. */
  readonly version?: string;
  /** The only node that may run it; any may by default. */
  readonly nodeId?: string;
}

/** Options for waiting for a job. */
export interface OneOffOptions {
  readonly guard?: Guard;
  /** Stops waiting; the job runs on, for another worker to adopt. */
  readonly signal: AbortSignal;
  /** Called with each line as it arrives, from the first line on even if another worker began the job. */
  readonly onLine?: (line: OutputLine) => void;
  /** Keeps the ended job on the engine, so that a repeat of the same run finds it; see `removeAll`. */
  readonly isKept?: boolean;
}

/** The job was removed while a worker waited for it. */
export class JobRemovedError extends EngineError {}

/** Runs commands once, in a container on a project's network, on any suitable node. */
@Injectable()
export class OneOffJobs extends SwarmServices {
  constructor(
    client: EngineClient,
    private readonly networks: ProjectNetworks,
    private readonly versionNetworks: VersionNetworks,
  ) {
    super(client);
  }

  /**
   * Runs a command to its end and removes its container. If a worker died after beginning the same run, waits for
   * that job instead of beginning another.
   *
   * @throws {JobRemovedError} when the job was removed meanwhile
   * @throws the signal's reason, once it is aborted
   */
  async run(spec: OneOffJobSpec, options: OneOffOptions): Promise<JobEnd> {
    const name = jobName(this.client.instance, spec.ownerId, spec.kind);
    const id = await this.begin(name, spec, options.guard ?? UNGUARDED, options.signal);
    faultPoint('job.begun');
    return this.awaitEnd(name, id, spec, options);
  }

  /** Waits for the end of an existing job, as `run` does; returns null when it is not on the engine. */
  async adopt(run: OneOffRun, options: OneOffOptions): Promise<JobEnd | null> {
    const name = jobName(this.client.instance, run.ownerId, run.kind);
    const found = await this.find(name);
    if (found?.Spec?.Labels?.[LABELS.job] !== run.run) return null;
    return this.awaitEnd(name, found.ID, run, options);
  }

  /**
   * Removes the jobs that dead workers left behind for an owner, and waits until they have stopped. The jobs of an
   * execution are removed only with the execution as the owner.
   *
   * @param spared a deployment's run to keep
   */
  async removeAll(
    owner: Owner,
    guard: Guard,
    signal: AbortSignal,
    spared?: { readonly deploymentId: string; readonly run: string },
  ): Promise<void> {
    const label = [...labelFilter(this.client.instance, owner), LABELS.job];
    const isIncluded = (labels: Labels) => {
      if (owner.executionId === undefined && labels[LABELS.execution] !== undefined) return false;
      return labels[LABELS.deployment] !== spared?.deploymentId || labels[LABELS.job] !== spared?.run;
    };
    for (const { Spec } of await this.list(label)) {
      if (isIncluded(Spec?.Labels ?? {})) await this.remove(Spec?.Name ?? '', guard);
    }
    await waitUntilStopped(this.client, { label }, isIncluded, signal);
  }

  /** Lists an owner's deployments whose job of that kind and run exited with 0 and is still on the engine. */
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

  /** Returns the variables of a job's container, whichever worker began it; null when it is not on the engine. */
  variablesOf({ ownerId, kind }: OneOffRun): Promise<Record<string, string> | null> {
    return this.environmentOf(jobName(this.client.instance, ownerId, kind));
  }

  /** Lists the executions that have a job on the engine. */
  async listExecutions(): Promise<string[]> {
    const jobs = await this.list([...labelFilter(this.client.instance, {}), LABELS.job, LABELS.execution]);
    return [...new Set(jobs.map(({ Spec }) => Spec?.Labels?.[LABELS.execution] ?? ''))];
  }

  private list(label: string[]): Promise<Docker.Service[]> {
    return this.client.call((docker) => docker.listServices({ filters: { label } }));
  }

  private async awaitEnd(name: string, id: string, run: OneOffRun, options: OneOffOptions): Promise<JobEnd> {
    const { guard = UNGUARDED, signal, onLine, isKept = false } = options;
    const end = await this.watch(id, new JobDeadline(run), signal, onLine);
    faultPoint('job.ended');
    if (!isKept || end.kind === 'timed-out') await this.removeAndWait(name, guard, signal);
    return end;
  }

  /** Begins a job once the container of an older run is gone: two runs of one kind would change the same data. */
  private async begin(name: string, spec: OneOffJobSpec, guard: Guard, signal: AbortSignal): Promise<string> {
    const found = await this.find(name);
    if (found?.Spec?.Labels?.[LABELS.job] === spec.run) return found.ID;
    await this.removeAndWait(name, guard, signal);
    const { projectId } = spec.owner;
    const network = await this.networks.find(projectId);
    if (network === null) throw new EngineNotFoundError(`Project ${projectId} has no network.`);
    const versionOverlay = spec.version === undefined ? null : await this.versionNetworks.find(spec.version);
    const options = jobSpec(this.client.instance, name, [network.id, versionOverlay], spec);
    try {
      return await this.createService(options, guard);
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
        await wait(POLL_MS, undefined, { signal });
      } while (!deadline.isOver(newest));
      const end = jobEnd(newest);
      if (end.kind !== 'not-started') await output.finish(signal);
      return end;
    } finally {
      output.stop();
    }
  }

  /** @throws {JobRemovedError} when the job was removed meanwhile */
  private async newestTask(id: string): Promise<ServiceTask | undefined> {
    try {
      const [task] = await this.tasksOf(id);
      return task;
    } catch (error) {
      if (!(error instanceof EngineNotFoundError)) throw error;
      throw new JobRemovedError('The job was removed before it ended.', { cause: error });
    }
  }

  /** Removes a job's service and waits for its container, which has a grace period and outlives the service. */
  private async removeAndWait(name: string, guard: Guard, signal: AbortSignal): Promise<void> {
    await this.remove(name, guard);
    await waitUntilStopped(this.client, { name: [`${name}.`] }, () => true, signal);
  }
}

/**
 * Describes a job as a replicated service without restarts, not in Swarm's own job mode: engine 20.10 does not stop
 * the container of a removed job-mode service.
 */
function jobSpec(
  instance: string,
  name: string,
  [overlay, versionOverlay]: readonly [project: string, version: string | null],
  spec: OneOffJobSpec,
): Docker.ServiceSpec {
  const labels = { ...ownerLabels(instance, spec.owner), [LABELS.job]: spec.run };
  return {
    Name: name,
    Labels: labels,
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: taskTemplate(spec, {
      labels,
      overlay,
      ...(versionOverlay !== null && { also: { overlay: versionOverlay } }),
      place: { ...(spec.nodeId !== undefined && { nodeId: spec.nodeId }), isOnBridge: false },
      restart: { Condition: 'none', MaxAttempts: 0 },
    }),
  };
}
