import { setTimeout as wait } from 'node:timers/promises';
import { WorkerConfig } from '@nexos/config';
import { type DeploymentEntity } from '@nexos/database';
import { DeploymentFailure, diskFull, saysDiskFull } from '@nexos/domain';
import { DeploymentServices, type ServiceTask } from '@nexos/engine';
import { IngressProbe, type ProbeResult } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';
import { SupersedeCheck } from '../reconcile/supersede-check.js';
import type { ReconcileContext } from '../reconcile/reconcile-context.js';

/** How soon an app is asked again that has just been started, and how soon one that takes its time. */
const PROBE_SOON_MS = 20;
const PROBE_LATER_MS = 200;
const SOON_FOR_MS = 3_000;
const PROBE_TIMEOUT_MS = 5_000;
const LOOK_EVERY_MS = 500;
/** An app may need what comes up beside it; when it has exited this often it will not come up. */
const EXITS_ALLOWED = 3;
/** What a container's init exits with when the command may not be executed, or does not exist. */
const COMMAND_NOT_RUN = [126, 127];

/** Waits for a version that was started to answer its health path, through the ingress, as its visitors will reach it. */
@Injectable()
export class HealthWait {
  constructor(
    private readonly supersede: SupersedeCheck,
    private readonly services: DeploymentServices,
    private readonly probe: IngressProbe,
    private readonly config: WorkerConfig,
  ) {}

  /**
   * @throws {DeploymentFailure} when the version does not come up
   * @throws {RolloutSupersededError} when it need not come up any more
   */
  async untilHealthy(
    { environment, signal }: Omit<ReconcileContext, 'lease'>,
    deployment: DeploymentEntity,
    service: string,
  ): Promise<void> {
    const { settings } = deployment;
    const deadline = Date.now() + this.config.healthTimeoutMs;
    const later = Date.now() + SOON_FOR_MS;
    let lookAt = Date.now() + LOOK_EVERY_MS;
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
      // What the deadline cut short says nothing of an app that has answered before.
      if (result.kind === 'answered' || timeoutMs === PROBE_TIMEOUT_MS) last = result;
      if (Date.now() >= lookAt) {
        await this.supersede.check(environment, deployment);
        throwIfDown(await this.services.tasks(service));
        lookAt = Date.now() + LOOK_EVERY_MS;
      }
      await wait(Date.now() < later ? PROBE_SOON_MS : PROBE_LATER_MS, undefined, { signal });
    }
    throw this.neverHealthy(deployment, last, await this.services.tasks(service));
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
        `No node had room for ${settings.cpu} CPU and ${settings.memory_mb} MB within ${seconds} s. Lower cpu or memory_mb, which the project or nexos.yaml sets, or ask the operator for more nodes or a higher CPU_OVERCOMMIT.`,
      );
    }
    const exits = exitsAmong(tasks);
    if (exits.length > 0) return exited(exits);
    if (last.kind === 'answered') {
      return new DeploymentFailure(
        'app_unhealthy',
        `GET ${settings.health_check_path} answered ${last.status} for ${seconds} s. Make it answer below 500 once the app is ready, or set health_check_path, of the project or in nexos.yaml.`,
      );
    }
    return new DeploymentFailure(
      'app_not_answering',
      `The app did not answer on port ${settings.port} within ${seconds} s. Let it listen on 0.0.0.0 and the port in the PORT variable, or set port, of the project or in nexos.yaml.`,
    );
  }
}

/** @throws {DeploymentFailure} when the app keeps exiting, or cannot be started at all */
export function throwIfDown(tasks: readonly ServiceTask[]): void {
  const full = tasks.find(({ error = '' }) => saysDiskFull(error));
  if (full !== undefined) throw diskFull(new Error(full.error), 'machine that was to run the app');
  const rejected = tasks.find((task) => task.state === 'rejected');
  if (rejected !== undefined) {
    throw /no such image/i.test(rejected.error ?? '')
      ? new DeploymentFailure(
          'image_missing',
          'The image is not on its node any more. Deploy again to build it anew.',
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
  if (code !== undefined && COMMAND_NOT_RUN.includes(code)) return notStarted();
  const times = exits.length === 1 ? 'once' : `${exits.length} times`;
  return new DeploymentFailure(
    'app_exited',
    `The app exited ${times}${code === undefined ? '' : `, last with code ${code}`}. Its last lines are in the log; it has to keep running and listen on its port.`,
  );
}

function notStarted(): DeploymentFailure {
  return new DeploymentFailure(
    'app_exited',
    'The container could not be started: check that the CMD or ENTRYPOINT of the Dockerfile exists and may be executed.',
  );
}
