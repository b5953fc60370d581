import { setTimeout as wait } from 'node:timers/promises';
import { WorkerConfig } from '@nexos/config';
import { type DeploymentEntity } from '@nexos/database';
import { DeploymentFailure, diskFull, mentionsDiskFull } from '@nexos/domain';
import { ContainerRunsRepository } from '@nexos/state';
import { DeploymentServices, type ServiceTask } from '@nexos/engine';
import { IngressProbe, type ProbeResult } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import { SupersedeCheck } from '../reconcile/supersede-check.js';
import type { ReconcileContext } from '../reconcile/reconcile-context.js';

/** Pause between probes: short right after the start, longer later. */
const PROBE_SOON_MS = 20;
const PROBE_LATER_MS = 200;
const SOON_FOR_MS = 3_000;
const PROBE_TIMEOUT_MS = 5_000;
const CHECK_EVERY_MS = 500;
/** Exits after which an app counts as down; it may exit a few times while it waits for its services. */
const EXITS_ALLOWED = 3;
/** How long the agent of a machine may take to report why a container ended. */
const REPORT_MS = 2_000;
const REPORT_CHECK_MS = 100;
/** Exit codes of a container's init when the command is not executable, or does not exist. */
const COMMAND_NOT_RUN_CODES = [126, 127];

/** Waits until a started version answers its health path through the ingress, the way visitors will reach it. */
@Injectable()
export class HealthWait {
  constructor(
    private readonly supersede: SupersedeCheck,
    private readonly services: DeploymentServices,
    private readonly probe: IngressProbe,
    private readonly runs: ContainerRunsRepository,
    private readonly config: WorkerConfig,
  ) {}

  /**
   * Probes the version until it answers below 500.
   *
   * @throws {DeploymentFailure} when the version does not come up
   * @throws {RolloutSupersededError} when the rollout is superseded
   */
  async untilHealthy(
    { environment, signal }: Omit<ReconcileContext, 'lease'>,
    deployment: DeploymentEntity,
    service: string,
  ): Promise<void> {
    const { settings } = deployment;
    const deadline = Date.now() + this.config.healthTimeoutMs;
    const slowFrom = Date.now() + SOON_FOR_MS;
    let checkAt = Date.now() + CHECK_EVERY_MS;
    let last: ProbeResult = { kind: 'unresolved' };
    while (Date.now() < deadline) {
      const timeoutMs = Math.min(PROBE_TIMEOUT_MS, Math.max(1, deadline - Date.now()));
      const result = await this.probe.probe({
        service,
        port: settings.port,
        path: settings.health_check_path,
        host: environment.hostname,
        timeoutMs,
        signal,
      });
      if (result.kind === 'answered' && result.status < 500) return;
      // A probe that the deadline cut short must not replace an earlier answer.
      if (result.kind === 'answered' || timeoutMs === PROBE_TIMEOUT_MS) last = result;
      if (Date.now() >= checkAt) {
        await this.supersede.check(environment, deployment);
        const tasks = await this.services.tasks(service);
        if (exitsAmong(tasks).length >= EXITS_ALLOWED) await this.throwIfOutOfMemory(tasks, settings);
        throwIfDown(tasks);
        checkAt = Date.now() + CHECK_EVERY_MS;
      }
      await wait(Date.now() < slowFrom ? PROBE_SOON_MS : PROBE_LATER_MS, undefined, { signal });
    }
    const tasks = await this.services.tasks(service);
    await this.throwIfOutOfMemory(tasks, settings);
    throw this.neverHealthy(deployment, last, tasks);
  }

  /** Swarm does not tell why a container was killed, but the agent of its machine does. */
  private async throwIfOutOfMemory(
    tasks: readonly ServiceTask[],
    { memory_mb: memoryMb }: DeploymentEntity['settings'],
  ): Promise<void> {
    const exits = exitsAmong(tasks);
    const ids = exits.flatMap(({ containerId }) => containerId ?? []);
    if (ids.length === 0) return;
    const deadline = Date.now() + REPORT_MS;
    let ranOut = await this.runs.ranOutOfMemory(ids);
    while (ranOut === null && Date.now() < deadline) {
      await wait(REPORT_CHECK_MS);
      ranOut = await this.runs.ranOutOfMemory(ids);
    }
    if (ranOut !== true) return;
    throw new DeploymentFailure(
      'app_exited',
      `The app ran out of memory and was killed ${timesOf(exits)}: it may use ${memoryMb} MiB (memory_mb). Raise memory_mb in the project's settings or in nexos.yaml, or make the app use less.`,
    );
  }

  private neverHealthy(
    { settings }: DeploymentEntity,
    last: ProbeResult,
    tasks: readonly ServiceTask[],
  ): DeploymentFailure {
    const seconds = Math.round(this.config.healthTimeoutMs / 1000);
    const waiting = tasks[0];
    if (
      waiting !== undefined &&
      ['new', 'pending', 'allocated'].includes(waiting.state) &&
      tasks.length === 1
    ) {
      return new DeploymentFailure(
        'no_capacity',
        `No node had room for ${settings.cpu} CPU and ${settings.memory_mb} MiB of memory within ${seconds} s. Lower cpu or memory_mb in the project's settings or in nexos.yaml, or ask the operator for more nodes or a higher CPU_OVERCOMMIT.`,
      );
    }
    const exits = exitsAmong(tasks);
    if (exits.length > 0) return exited(exits);
    if (last.kind === 'answered') {
      return new DeploymentFailure(
        'app_unhealthy',
        `GET ${settings.health_check_path} answered ${last.status} for ${seconds} s. Make it answer below 500 once the app is ready, or change health_check_path in the project's settings or in nexos.yaml.`,
      );
    }
    return new DeploymentFailure(
      'app_not_answering',
      `The app did not answer on port ${settings.port} within ${seconds} s. Make it listen on 0.0.0.0 and the port in the PORT variable, or change port in the project's settings or in nexos.yaml.`,
    );
  }
}

/** @throws {DeploymentFailure} when the app keeps exiting, or cannot be started at all */
export function throwIfDown(tasks: readonly ServiceTask[]): void {
  const full = tasks.find(({ error = '' }) => mentionsDiskFull(error));
  if (full !== undefined) throw diskFull(new Error(full.error), 'node that runs the app');
  const rejected = tasks.find((task) => task.state === 'rejected');
  if (rejected !== undefined) {
    throw /no such image/i.test(rejected.error ?? '')
      ? new DeploymentFailure(
          'image_missing',
          'The image is no longer on its node. Deploy again to rebuild it.',
        )
      : notStarted();
  }
  const exits = exitsAmong(tasks);
  if (exits.length >= EXITS_ALLOWED) throw exited(exits);
}

function exitsAmong(tasks: readonly ServiceTask[]): ServiceTask[] {
  return tasks.filter((task) => task.state === 'failed' || task.state === 'complete');
}

function exited(exits: readonly ServiceTask[]): DeploymentFailure {
  const code = exits[0]?.exitCode;
  if (code !== undefined && COMMAND_NOT_RUN_CODES.includes(code)) return notStarted();
  return new DeploymentFailure(
    'app_exited',
    `The app exited ${timesOf(exits)}${code === undefined ? '' : `, last with code ${code}`}, but it must keep running and listen on its port. See its last lines in the log.`,
  );
}

function timesOf(exits: readonly ServiceTask[]): string {
  return exits.length === 1 ? 'once' : `${exits.length} times`;
}

function notStarted(): DeploymentFailure {
  return new DeploymentFailure(
    'app_exited',
    'The container could not be started. Check that the CMD or ENTRYPOINT of the Dockerfile exists and is executable.',
  );
}
