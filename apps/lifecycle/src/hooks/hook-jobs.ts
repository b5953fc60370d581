import { faultPoint, WorkerConfig } from '@nexos/config';
import { type EnvironmentEntity } from '@nexos/database';
import { EnvironmentDatabasesRepository } from '@nexos/state';
import { DeploymentFailure, diskFull, saysDiskFull } from '@nexos/domain';
import { type JobEnd, OneOffJobs } from '@nexos/engine';
import { Injectable, Logger } from '@nestjs/common';
import { SupersedeCheck, RolloutSupersededError } from '../reconcile/supersede-check.js';
import { type DeploymentContext, heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { RESTORE_SEED, connectionOf } from '../reset/seed-restore.js';

const LOOK_EVERY_MS = 1_000;
const STOP_GRACE_SECONDS = 10;
/** Of its jobs. */
const ON_NEW = 'new';

/** The deployment whose hooks run, and what they are given. */
export interface HookContext extends DeploymentContext {
  /** Tells it from the same hook at another time; one that was begun at that time is not begun again. */
  readonly occasion: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs what a repository wants to have run: one-off jobs of the version's own image. */
@Injectable()
export class HookJobs {
  private readonly logger = new Logger(HookJobs.name);

  constructor(
    private readonly databases: EnvironmentDatabasesRepository,
    private readonly jobs: OneOffJobs,
    private readonly supersede: SupersedeCheck,
    private readonly config: WorkerConfig,
  ) {}

  /** What tells the hooks for the database that an environment has now from those for one before, or for none. */
  async occasionOf(environment: EnvironmentEntity): Promise<string> {
    return `database-${await this.databases.generationOf(environment.id)}`;
  }

  /**
   * Runs a hook to its end, if there is one. What is left of it stays on the engine until `removeAll`: a worker that
   * dies before it could write down what came of it is followed by one that sees it.
   *
   * @throws {DeploymentFailure} `hook_failed`, or `disk_full` where it could not be started
   * @throws {RolloutSupersededError} when something else is wanted meanwhile; the hook was stopped then
   */
  async run(hook: 'on_deploy' | 'on_new', context: HookContext): Promise<void> {
    const { imageId, settings } = context.deployment;
    const command = settings.hooks[hook];
    if (command === null || imageId === null) return;
    const job = { kind: hook === 'on_new' ? ON_NEW : 'deploy', image: imageId, command, env: context.env };
    await this.follow(hook, job, context);
  }

  /**
   * Restores the dump that a new database begins with, if there is one, as the database's owner. A database that holds
   * something already is left alone.
   *
   * @throws {DeploymentFailure} `hook_failed`, or `disk_full` where it could not be started
   * @throws {RolloutSupersededError} when something else is wanted meanwhile; nothing was restored then
   */
  async restoreSeed(context: HookContext): Promise<void> {
    const { seedImageId } = context.deployment;
    const url = context.env.DATABASE_URL;
    if (seedImageId === null || url === undefined) return;
    const job = {
      kind: 'seed',
      image: seedImageId,
      command: ['sh', '-ec', RESTORE_SEED],
      env: connectionOf(url),
    };
    await this.follow('seed', job, context);
  }

  private async follow(
    hook: 'seed' | 'on_deploy' | 'on_new',
    job: { kind: string; image: string; command: readonly string[]; env: Readonly<Record<string, string>> },
    context: HookContext,
  ): Promise<void> {
    const { environment, deployment, log, signal, lease } = context;
    const { id: environmentId, projectId } = environment;
    const { id: deploymentId, imageNodeId, settings } = deployment;
    const began = Date.now();
    log.say(`${hook}: running`);
    const { superseded, stop } = this.watch(context);
    let end: JobEnd;
    try {
      end = await this.jobs.run(
        {
          ...job,
          owner: { projectId, environmentId, deploymentId },
          ownerId: deploymentId,
          run: context.occasion,
          ...(imageNodeId !== null && { nodeId: imageNodeId }),
          cpu: settings.cpu,
          memoryMb: settings.memory_mb,
          stopGraceSeconds: STOP_GRACE_SECONDS,
          timeoutMs: this.config.hookTimeoutMs,
        },
        {
          guard: lease.guard,
          signal: AbortSignal.any([signal, superseded]),
          onLine: (line) => {
            faultPoint(`rollout.${hook}-running`);
            log.append(line);
          },
          isKept: true,
        },
      );
    } catch (error) {
      if (!superseded.aborted || signal.aborted) throw error;
      await this.removeAll(context);
      throw superseded.reason;
    } finally {
      stop();
    }
    faultPoint(`rollout.${hook}-ended`);
    if (end.kind !== 'exited' || end.code !== 0) throw this.failure(hook, end);
    log.say(`${hook}: done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }

  /** A question that could not be asked stops nothing. */
  private watch({ environment, deployment }: HookContext): { superseded: AbortSignal; stop: () => void } {
    const superseded = new AbortController();
    const timer = setInterval(() => {
      this.supersede.check(environment, deployment).catch((error: unknown) => {
        if (error instanceof RolloutSupersededError) superseded.abort(error);
        else this.logger.warn(`${environment.id}: ${(error as Error).message}`);
      });
    }, LOOK_EVERY_MS);
    return { superseded: superseded.signal, stop: () => clearInterval(timer) };
  }

  /**
   * Takes away what is left of an environment's hooks but for those of this deployment and occasion: what a worker that was lost has begun
   * for another version, or for the database before, would run beside them.
   */
  async removeOthers(context: HookContext): Promise<void> {
    const { environment, deployment, occasion, lease, signal, log } = context;
    const spared = { deploymentId: deployment.id, run: occasion };
    if (await this.noteSuccess(context, deployment.id)) log.say('on_new: has run already');
    await this.jobs.removeAll({ environmentId: environment.id }, lease.guard, signal, spared);
  }

  /** Takes away what is left of an environment's hooks. */
  async removeAll(context: ReconcileContext): Promise<void> {
    const { environment, lease, signal } = context;
    await this.noteSuccess(context);
    await this.jobs.removeAll({ environmentId: environment.id }, lease.guard, signal);
  }

  /**
   * Writes down that `on_new` has run for the present database where its job says so and nobody wrote it down: with the
   * job that knowledge would go. One that still runs is cut off, and runs again with the next version.
   *
   * @param spared the deployment whose own job stays and is seen through
   */
  private async noteSuccess(context: ReconcileContext, spared?: string): Promise<boolean> {
    const { environment, lease } = context;
    const environmentId = environment.id;
    if (!(await this.databases.isNew(environmentId))) return false;
    const run = await this.occasionOf(environment);
    const succeeded = await this.jobs.listSucceeded({ environmentId }, { kind: ON_NEW, run });
    if (succeeded.every((deploymentId) => deploymentId === spared)) return false;
    if (!(await this.databases.recordInitialised(heldBy(context)))) await lease.guard();
    return true;
  }

  private failure(hook: string, end: JobEnd): DeploymentFailure {
    if (end.kind === 'not-started' && saysDiskFull(end.reason)) {
      return diskFull(new Error(end.reason), `machine that was to run the hook ${hook}`);
    }
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
