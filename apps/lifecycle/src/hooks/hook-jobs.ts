import { faultPoint, WorkerConfig } from '@nexos/config';
import { type EnvironmentEntity } from '@nexos/database';
import { EnvironmentDatabasesRepository } from '@nexos/state';
import { DeploymentFailure, diskFull, mentionsDiskFull } from '@nexos/domain';
import { type JobEnd, OneOffJobs } from '@nexos/engine';
import { type DeploymentSettings } from '@nexos/settings';
import { Injectable, Logger } from '@nestjs/common';
import { SupersedeCheck, RolloutSupersededError } from '../reconcile/supersede-check.js';
import { type DeploymentContext, heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { RESTORE_SEED, connectionOf } from '../reset/seed-restore.js';

const CHECK_EVERY_MS = 1_000;
const STOP_GRACE_SECONDS = 10;
/** What a migration tool may need although the app itself is small. */
const LEAST_MEMORY_MB = 1024;
/** Exit code of a process that the kernel killed, which is nearly always for its memory. */
const KILLED = 137;
/** The commands of a repository, with the kinds of their jobs. */
const KINDS = { on_deploy: 'deploy', on_new: 'new', on_rollback: 'rollback' } as const;
type Command = keyof typeof KINDS;

/** The deployment whose hooks run, and their variables. */
export interface HookContext extends DeploymentContext {
  /** Distinguishes repeated runs of the same hook; a hook runs once per occasion. */
  readonly occasion: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a repository's hooks as one-off jobs from an image of the version. */
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
   * Runs a hook to its end; returns false if the version has no such hook. Its job stays on the engine until `removeAll`, so that another worker can
   * read the result if this one dies before recording it.
   *
   * @throws {DeploymentFailure} `hook_failed`, or `disk_full` when it could not be started
   * @throws {RolloutSupersededError} when the rollout is superseded; the hook is stopped first
   */
  async run(hook: Command, context: HookContext): Promise<boolean> {
    const { settings } = context.deployment;
    const imageId = context.deployment.hookImageId ?? context.deployment.imageId;
    const command = settings.hooks[hook];
    if (command === null || imageId === null) return false;
    const job = { kind: KINDS[hook], image: imageId, command, env: context.env };
    await this.runJob(hook, job, context);
    return true;
  }

  /**
   * Restores the seed into a new database as the database's owner; returns false when there is none. Skips a database
   * that is not empty.
   *
   * @throws {DeploymentFailure} `hook_failed`, or `disk_full` when it could not be started
   * @throws {RolloutSupersededError} when the rollout is superseded; nothing is restored then
   */
  async restoreSeed(context: HookContext): Promise<boolean> {
    const { seedImageId } = context.deployment;
    const url = context.env.DATABASE_URL;
    if (seedImageId === null || url === undefined) return false;
    const job = {
      kind: 'seed',
      image: seedImageId,
      command: ['sh', '-ec', RESTORE_SEED],
      env: connectionOf(url),
    };
    await this.runJob('seed', job, context);
    return true;
  }

  private async runJob(
    hook: 'seed' | Command,
    job: { kind: string; image: string; command: readonly string[]; env: Readonly<Record<string, string>> },
    context: HookContext,
  ): Promise<void> {
    const { environment, deployment, log, signal, lease } = context;
    const { id: environmentId, projectId } = environment;
    const { id: deploymentId, imageNodeId, settings } = deployment;
    // A rollback's hook runs exactly as on_deploy does.
    const point = hook === 'on_rollback' ? 'on_deploy' : hook;
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
          memoryMb: memoryOf(settings),
          stopGraceSeconds: STOP_GRACE_SECONDS,
          timeoutMs: this.config.hookTimeoutMs,
        },
        {
          guard: lease.guard,
          signal: AbortSignal.any([signal, superseded]),
          onLine: (line) => {
            faultPoint(`rollout.${point}-running`);
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
    faultPoint(`rollout.${point}-ended`);
    if (end.kind !== 'exited' || end.code !== 0) throw this.failure(hook, end, settings);
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
    const succeeded = await this.jobs.listSucceeded({ environmentId }, { kind: KINDS.on_new, run });
    if (succeeded.every((deploymentId) => deploymentId === spared)) return false;
    if (!(await this.databases.recordRan(heldBy(context), 'on_new'))) await lease.guard();
    return true;
  }

  private failure(hook: string, end: JobEnd, settings: DeploymentSettings): DeploymentFailure {
    if (end.kind === 'not-started' && mentionsDiskFull(end.reason)) {
      return diskFull(new Error(end.reason), `node that runs the hook ${hook}`);
    }
    const seconds = Math.round(this.config.hookTimeoutMs / 1000);
    const outcome =
      end.kind === 'exited'
        ? exitSentence(end.code, settings)
        : end.kind === 'timed-out'
          ? `did not finish within ${seconds} s`
          : `could not be started: ${end.reason}`;
    return new DeploymentFailure('hook_failed', `The hook ${hook} ${outcome}. Fix it and deploy again.`);
  }
}

function memoryOf({ hooks, memory_mb: appMemoryMb }: DeploymentSettings): number {
  return hooks.memory ?? Math.max(appMemoryMb, LEAST_MEMORY_MB);
}

function exitSentence(code: number, settings: DeploymentSettings): string {
  const exited = `exited with code ${code}; its output is in the log`;
  if (code !== KILLED) return exited;
  return `${exited}. It was killed, most likely because it used more than ${memoryOf(settings)} MiB (hooks.memory)`;
}
