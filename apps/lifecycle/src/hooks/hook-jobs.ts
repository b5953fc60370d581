import { faultPoint, WorkerConfig } from '@nexos/config';
import { type EnvironmentEntity } from '@nexos/database';
import { EnvironmentDatabasesRepository } from '@nexos/state';
import { DeploymentFailure, diskFull, mentionsDiskFull } from '@nexos/domain';
import { type JobEnd, OneOffJobs } from '@nexos/engine';
import { Injectable, Logger } from '@nestjs/common';
import { SupersedeCheck, RolloutSupersededError } from '../reconcile/supersede-check.js';
import { type DeploymentContext, heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { RESTORE_SEED, connectionOf } from '../reset/seed-restore.js';

const CHECK_EVERY_MS = 1_000;
const STOP_GRACE_SECONDS = 10;
/** The kind of `on_new` jobs. */
const ON_NEW = 'new';

/** The deployment whose hooks run, and their variables. */
export interface HookContext extends DeploymentContext {
  /** Distinguishes repeated runs of the same hook; a hook runs once per occasion. */
  readonly occasion: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a repository's hooks as one-off jobs from the version's own image. */
@Injectable()
export class HookJobs {
  private readonly logger = new Logger(HookJobs.name);

  constructor(
    private readonly databases: EnvironmentDatabasesRepository,
    private readonly jobs: OneOffJobs,
    private readonly supersede: SupersedeCheck,
    private readonly config: WorkerConfig,
  ) {}

  /**
   * Returns the occasion of hooks for the environment's current database, or for none. Each recorded failure begins
   * another occasion, so that hooks run again instead of being found to have failed.
   */
  async occasionOf({ id, failedGeneration, failureCount }: EnvironmentEntity): Promise<string> {
    const database = `database-${await this.databases.generationOf(id)}`;
    return failedGeneration === null ? database : `${database}-${failedGeneration}-${failureCount}`;
  }

  /**
   * Runs a hook to its end, if there is one. Its job stays on the engine until `removeAll`, so that another worker can
   * read the result if this one dies before recording it.
   *
   * @throws {DeploymentFailure} `hook_failed`, or `disk_full` when it could not be started
   * @throws {RolloutSupersededError} when the rollout is superseded; the hook is stopped first
   */
  async run(hook: 'on_deploy' | 'on_new', context: HookContext): Promise<void> {
    const { imageId, settings } = context.deployment;
    const command = settings.hooks[hook];
    if (command === null || imageId === null) return;
    const job = { kind: hook === 'on_new' ? ON_NEW : 'deploy', image: imageId, command, env: context.env };
    await this.runJob(hook, job, context);
  }

  /**
   * Restores the seed, if there is one, into a new database as the database's owner. Skips a database that is not
   * empty.
   *
   * @throws {DeploymentFailure} `hook_failed`, or `disk_full` when it could not be started
   * @throws {RolloutSupersededError} when the rollout is superseded; nothing is restored then
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
    await this.runJob('seed', job, context);
  }

  private async runJob(
    hook: 'seed' | 'on_deploy' | 'on_new',
    job: { kind: string; image: string; command: readonly string[]; env: Readonly<Record<string, string>> },
    context: HookContext,
  ): Promise<void> {
    const { environment, deployment, log, signal, lease } = context;
    const { id: environmentId, projectId } = environment;
    const { id: deploymentId, imageNodeId, settings } = deployment;
    const began = Date.now();
    log.note(`${hook}: running`);
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
    log.note(`${hook}: done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }

  /** Checks regularly whether the rollout is superseded. A failed check stops nothing. */
  private watch({ environment, deployment }: HookContext): { superseded: AbortSignal; stop: () => void } {
    const superseded = new AbortController();
    const timer = setInterval(() => {
      this.supersede.check(environment, deployment).catch((error: unknown) => {
        if (error instanceof RolloutSupersededError) superseded.abort(error);
        else this.logger.warn(`${environment.id}: ${(error as Error).message}`);
      });
    }, CHECK_EVERY_MS);
    return { superseded: superseded.signal, stop: () => clearInterval(timer) };
  }

  /**
   * Removes an environment's hook jobs except those of this deployment and occasion: a lost worker may have started
   * some for another version, or for the previous database, that would run at the same time.
   */
  async removeOthers(context: HookContext): Promise<void> {
    const { environment, deployment, occasion, lease, signal, log } = context;
    const spared = { deploymentId: deployment.id, run: occasion };
    if (await this.recordSuccess(context, deployment.id)) log.note('on_new: has already run');
    await this.jobs.removeAll({ environmentId: environment.id }, lease.guard, signal, spared);
  }

  /** Removes all of an environment's hook jobs. */
  async removeAll(context: ReconcileContext): Promise<void> {
    const { environment, lease, signal } = context;
    await this.recordSuccess(context);
    await this.jobs.removeAll({ environmentId: environment.id }, lease.guard, signal);
  }

  /**
   * Records that `on_new` has run for the current database when a job shows it and it is not recorded yet, since
   * removing the job would lose that. A job that still runs is cut off, and runs again with the next version.
   *
   * @param spared the deployment whose own job is kept
   */
  private async recordSuccess(context: ReconcileContext, spared?: string): Promise<boolean> {
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
    if (end.kind === 'not-started' && mentionsDiskFull(end.reason)) {
      return diskFull(new Error(end.reason), `node that runs the hook ${hook}`);
    }
    const seconds = Math.round(this.config.hookTimeoutMs / 1000);
    const outcome =
      end.kind === 'exited'
        ? `exited with code ${end.code}; its output is in the log`
        : end.kind === 'timed-out'
          ? `did not finish within ${seconds} s`
          : `could not be started: ${end.reason}`;
    return new DeploymentFailure('hook_failed', `The hook ${hook} ${outcome}. Fix it and deploy again.`);
  }
}
