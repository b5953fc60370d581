import type { LogWriter } from '@nexos/build-log';
import { WorkerConfig } from '@nexos/config';
import type { DeploymentEntity, EnvironmentEntity, Lease } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { OneOffJobs, type JobEnd } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import { Overtaking } from './overtaking.js';

const LOOK_EVERY_MS = 1_000;
const STOP_GRACE_SECONDS = 10;

export type HookName = 'on_deploy' | 'on_new';

/** On whose behalf a hook runs, and with what. */
export interface HookOrder {
  readonly environment: EnvironmentEntity;
  readonly deployment: DeploymentEntity;
  /** Tells it from the same hook at another time; one that was begun at that time is not begun again. */
  readonly occasion: string;
  readonly env: Readonly<Record<string, string>>;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  readonly log: LogWriter;
}

/** Runs what a repository wants to have run: one-off jobs of the version's own image. */
@Injectable()
export class HookJobs {
  constructor(
    private readonly jobs: OneOffJobs,
    private readonly overtaking: Overtaking,
    private readonly config: WorkerConfig,
  ) {}

  /**
   * Runs a hook to its end, if there is one. What is left of it stays on the engine until `removeAll`: a worker that
   * dies before it could write down what came of it is followed by one that sees it.
   *
   * @throws {DeploymentFailure} `hook_failed`
   * @throws {RolloutOvertakenError} when something else is wanted meanwhile; the hook was stopped then
   */
  async run(hook: HookName, order: HookOrder): Promise<void> {
    const { environment, deployment, log, signal, lease } = order;
    const command = deployment.spec.hooks[hook];
    if (command === null || deployment.imageId === null) return;
    const began = Date.now();
    log.say(`${hook}: running`);
    const overtaken = new AbortController();
    const watch = setInterval(() => {
      this.overtaking.check(environment, deployment).catch((error: unknown) => overtaken.abort(error));
    }, LOOK_EVERY_MS);
    let end: JobEnd;
    try {
      end = await this.jobs.run(
        {
          owner: {
            projectId: environment.projectId,
            environmentId: environment.id,
            deploymentId: deployment.id,
          },
          ownerId: deployment.id,
          kind: hook === 'on_new' ? 'new' : 'deploy',
          run: order.occasion,
          image: deployment.imageId,
          ...(deployment.imageNodeId !== null && { nodeId: deployment.imageNodeId }),
          command,
          env: order.env,
          cpu: deployment.spec.cpu,
          memoryMb: deployment.spec.memory_mb,
          stopGraceSeconds: STOP_GRACE_SECONDS,
          timeoutMs: this.config.hookTimeoutMs,
        },
        {
          guard: lease.guard,
          signal: AbortSignal.any([signal, overtaken.signal]),
          onLine: (line) => log.append(line),
          isKept: true,
        },
      );
    } catch (error) {
      if (overtaken.signal.aborted && !signal.aborted) await this.removeAll(environment, order);
      throw overtaken.signal.aborted ? overtaken.signal.reason : error;
    } finally {
      clearInterval(watch);
    }
    if (end.kind !== 'exited' || end.code !== 0) throw this.failure(hook, end);
    log.say(`${hook}: done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }

  /** Takes away what is left of an environment's hooks. */
  async removeAll(
    environment: EnvironmentEntity,
    work: { lease: Lease; signal: AbortSignal },
  ): Promise<void> {
    await this.jobs.removeAll({ environmentId: environment.id }, work.lease.guard, work.signal);
  }

  private failure(hook: HookName, end: JobEnd): DeploymentFailure {
    const seconds = Math.round(this.config.hookTimeoutMs / 1000);
    const what =
      end.kind === 'exited'
        ? `exited with code ${end.code}; its output is in the log`
        : end.kind === 'timed-out'
          ? `did not end within ${seconds} s`
          : `could not be started: ${end.reason}`;
    return new DeploymentFailure('hook_failed', `The hook ${hook} ${what}. Mend it and deploy again.`);
  }
}
