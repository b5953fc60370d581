import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from './engine-client.js';
import { EngineConflictError, EngineError, EngineNotFoundError } from './engine-errors.js';
import { LABELS, type Owner, ownerLabels } from './engine-labels.js';
import { jobName } from './engine-names.js';
import { type Guard, UNGUARDED } from './guard.js';
import { ProjectNetworks } from './project-networks.js';
import { type OutputLine, readServiceOutput } from './service-logs.js';
import { type ServiceTask, isOver } from './service-tasks.js';
import { SwarmServices } from './swarm-services.js';
import { type TaskSpec, taskTemplate } from './task-template.js';

const LOOK_EVERY_MS = 120;
/** How long the rest of the output may take to be read once the job is over. */
const OUTPUT_MS = 10_000;
const STOPPING_MS = 60_000;

/** What it takes to run one command to its end. */
export interface OneOffJobSpec extends TaskSpec {
  /** Whose network it is on, and what else it belongs to. */
  readonly owner: Owner & { readonly projectId: string };
  /** Of these, the environment or deployment on whose behalf it runs. */
  readonly ownerId: string;
  /** At most nine characters. Two jobs of one owner and kind never run at once. */
  readonly kind: string;
  /** Tells this run from another of the same owner and kind, such as the attempt: an older one is done away with. */
  readonly run: string;
  /** Milliseconds after which it is given up. */
  readonly timeoutMs: number;
}

/** How a job ended. */
export type JobEnd =
  | { readonly kind: 'exited'; readonly code: number }
  /** Its container was never started. */
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'timed-out'; readonly lastState: string };

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
   * @param onLine is told what it writes, as it comes
   * @param signal leaves the job alone, for another worker to wait for
   * @param isKept leaves what is left of it on the engine, for whoever asks for the same run again; see `removeAll`
   * @throws the signal's reason, once it is aborted
   */
  async run(
    spec: OneOffJobSpec,
    {
      guard = UNGUARDED,
      signal,
      onLine,
      isKept = false,
    }: { guard?: Guard; signal: AbortSignal; onLine?: (line: OutputLine) => void; isKept?: boolean },
  ): Promise<JobEnd> {
    const name = jobName(this.client.instance, spec.ownerId, spec.kind);
    const id = await this.begin(name, spec, guard, signal);
    const end = await this.watch(id, spec.timeoutMs, signal, onLine);
    if (!isKept || end.kind === 'timed-out') await this.takeAway(name, guard, signal);
    return end;
  }

  /** Takes away what is left of an owner's jobs, of which a worker did not live to see the end. */
  async removeAll(owner: Owner, guard: Guard, signal: AbortSignal): Promise<void> {
    const label = [
      ...Object.entries(ownerLabels(this.client.instance, owner)).map(([key, value]) => `${key}=${value}`),
      LABELS.job,
    ];
    const jobs = await this.client.call((docker) => docker.listServices({ filters: { label } }));
    for (const { Spec } of jobs) await this.takeAway(Spec?.Name ?? '', guard, signal);
  }

  /** Two runs of one kind would meet on what they change: an older one's container is gone before this one's starts. */
  private async begin(name: string, spec: OneOffJobSpec, guard: Guard, signal: AbortSignal): Promise<string> {
    const found = await this.find(name);
    if (found?.Spec?.Labels?.[LABELS.job] === spec.run) return found.ID;
    if (found !== null) await this.takeAway(name, guard, signal);
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
    timeoutMs: number,
    signal: AbortSignal,
    onLine: ((line: OutputLine) => void) | undefined,
  ): Promise<JobEnd> {
    const output = new JobOutput(this.client, id, onLine);
    try {
      const deadline = Date.now() + timeoutMs;
      let newest: ServiceTask | undefined;
      do {
        newest = await this.newestTask(id);
        if (newest !== undefined && isOver(newest.state)) break;
        if (newest?.state === 'running') output.follow();
        await wait(LOOK_EVERY_MS, undefined, { signal });
      } while (Date.now() < deadline);
      const end = endOf(newest);
      if (end.kind !== 'not-started') await output.finish(signal);
      return end;
    } finally {
      output.stop();
    }
  }

  /** @throws {EngineError} when the job was taken away meanwhile */
  private async newestTask(id: string): Promise<ServiceTask | undefined> {
    try {
      const [task] = await this.tasksOf(id);
      return task;
    } catch (error) {
      if (!(error instanceof EngineNotFoundError)) throw error;
      throw new EngineError('The job was taken away before its end.', { cause: error });
    }
  }

  /** A job's container has its grace period, and is not gone when the engine says that the service is. */
  private async takeAway(name: string, guard: Guard, signal: AbortSignal): Promise<void> {
    const found = await this.find(name);
    if (found === null) return;
    const tasks = await this.tasksOf(found.ID);
    await this.remove(name, guard);
    if (tasks.every(({ state }) => isOver(state))) return;
    const deadline = Date.now() + STOPPING_MS;
    while (await this.hasContainer(found.ID)) {
      if (Date.now() > deadline) throw new EngineError(`The job ${name} does not stop.`);
      await wait(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  private async hasContainer(serviceId: string): Promise<boolean> {
    const filters = { label: [`com.docker.swarm.service.id=${serviceId}`] };
    const containers = await this.client.call((docker) => docker.listContainers({ filters }));
    return containers.length > 0;
  }
}

function endOf(task: ServiceTask | undefined): JobEnd {
  if (task === undefined || !isOver(task.state)) {
    return { kind: 'timed-out', lastState: task?.state ?? 'new' };
  }
  if (task.exitCode !== undefined) return { kind: 'exited', code: task.exitCode };
  return { kind: 'not-started', reason: task.error ?? task.state };
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
      isReserved: false,
      restart: { Condition: 'none', MaxAttempts: 0 },
    }),
  };
}

/**
 * What a job writes. It is followed while the job runs; at the end all of it is read again, and what had not come by
 * then is told. A job has one container, so that the order of its lines is always the same.
 */
class JobOutput {
  private readonly stopped = new AbortController();
  private following: Promise<void> | undefined;
  private told = 0;

  constructor(
    private readonly client: EngineClient,
    private readonly id: string,
    private readonly onLine: ((line: OutputLine) => void) | undefined,
  ) {}

  follow(): void {
    if (this.onLine === undefined) return;
    this.following ??= this.read(true, this.stopped.signal).catch((error: unknown) => {
      // What could not be followed is read at the end.
      if (!(error instanceof EngineError) && !this.stopped.signal.aborted) throw error;
    });
  }

  async finish(signal: AbortSignal): Promise<void> {
    if (this.onLine === undefined) return;
    this.stop();
    await this.following;
    const inTime = AbortSignal.timeout(OUTPUT_MS);
    try {
      await this.read(false, AbortSignal.any([signal, inTime]));
    } catch (error) {
      signal.throwIfAborted();
      if (!inTime.aborted) throw error;
    }
  }

  stop(): void {
    this.stopped.abort();
  }

  private async read(follow: boolean, abortSignal: AbortSignal): Promise<void> {
    let seen = 0;
    for await (const line of readServiceOutput(this.client, this.id, { follow, abortSignal })) {
      seen++;
      if (seen <= this.told) continue;
      this.told = seen;
      this.onLine?.(line);
    }
  }
}
