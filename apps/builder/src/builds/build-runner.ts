import { BuildLog, type LogWriter, Redactor } from '@nexos/logs';
import { BuilderConfig, WorkerConfig } from '@nexos/config';
import {
  BuildClaims,
  type DeployableImage,
  failBuild,
  finishBuild,
  type LiveCommit,
  NodeRemovalsRepository,
  ProjectsRepository,
  skipBuild,
} from '@nexos/state';
import { type DeploymentEntity, type ProjectEntity, type Transaction, UnitOfWork } from '@nexos/database';
import { DeploymentFailure, diskFull, isDiskFull, MAX_BUILD_ATTEMPTS, type SkipReason } from '@nexos/domain';
import { DecryptedVariables, ProjectVariables } from '@nexos/env-vars';
import {
  BuildStoppedError,
  EngineDiskFullError,
  EngineUnavailableError,
  RegistryFailure,
} from '@nexos/engine';
import { InstallationTokens } from '@nexos/github';
import { Injectable, Logger } from '@nestjs/common';
import { BuildLease, BuildLostError } from './build-lease.js';
import type { BuildOutput, BuildTask } from './build-task.js';
import { HostRetries } from '../images/host-retries.js';
import { ImageMaker } from '../images/image-maker.js';
import { SkipMarkError } from './skip-marks.js';
import { UnchangedError } from './watched-changes.js';
import { UnwantedImages } from '../images/unwanted-images.js';

/** How a build ended for this builder; after `lost`, another process records the outcome. */
type BuildOutcome =
  | ({ readonly kind: 'built' } & DeployableImage)
  | { readonly kind: 'failed'; readonly failure: DeploymentFailure }
  | { readonly kind: 'interrupted' }
  /** It is not wanted: by its message, or as nothing that it watches has changed since the live commit. */
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly live: LiveCommit | null }
  /** The image would exist only on a node that is being removed. */
  | { readonly kind: 'displaced' }
  | { readonly kind: 'lost' };

/** Runs one claimed build and records its outcome. */
@Injectable()
export class BuildRunner {
  private readonly logger = new Logger(BuildRunner.name);

  constructor(
    private readonly projects: ProjectsRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly claims: BuildClaims,
    private readonly nodeRemovals: NodeRemovalsRepository,
    private readonly images: ImageMaker,
    private readonly unwanted: UnwantedImages,
    private readonly tokens: InstallationTokens,
    private readonly retries: HostRetries,
    private readonly variables: ProjectVariables,
    private readonly buildLog: BuildLog,
    private readonly config: BuilderConfig,
    private readonly workerConfig: WorkerConfig,
  ) {}

  /** @param stopping aborted when the process shuts down; the build is then re-enqueued instead of failed */
  async run(deployment: DeploymentEntity, stopping: AbortSignal): Promise<void> {
    const hold = new BuildLease(this.claims, this.unitOfWork, deployment, this.workerConfig);
    try {
      const project = await this.projects.get(deployment.projectId);
      const [token, variables] = await Promise.all([
        this.tokenFor(project, AbortSignal.any([hold.signal, stopping])),
        this.openVariables(project),
      ]);
      const { secrets } = variables.value;
      const redactor = new Redactor(token.value === undefined ? secrets : [token.value, ...secrets]);
      const log = await this.buildLog.open(deployment.id, redactor, this.config.logLimit);
      if (countedAttempts(deployment) > 1) {
        log.note(
          `the previous builder was lost; attempt ${countedAttempts(deployment)} of ${MAX_BUILD_ATTEMPTS}`,
        );
      }
      const failure = token.failure ?? variables.failure;
      const outcome =
        failure === null
          ? await this.build(
              { deployment, project, token: token.value, variables: variables.value, log },
              hold,
              stopping,
            )
          : failedEarly(failure, stopping);
      if (await this.record(deployment, outcome, log)) this.logFailure(deployment, outcome, log);
      await log.close();
    } finally {
      hold.end();
    }
  }

  private async build(
    task: Omit<BuildTask, 'signal' | 'guard'>,
    hold: BuildLease,
    stopping: AbortSignal,
  ): Promise<BuildOutcome> {
    const timeout = AbortSignal.timeout(task.deployment.settings.build_timeout_seconds * 1000);
    const signal = AbortSignal.any([hold.signal, timeout, stopping]);
    const guard = () => {
      signal.throwIfAborted();
      return Promise.resolve();
    };
    try {
      const image = await this.images.make({ ...task, signal, guard });
      return { kind: 'built', ...image };
    } catch (error) {
      // This error can arrive before the hold notices the loss.
      if (hold.signal.aborted || error instanceof BuildLostError) return { kind: 'lost' };
      if (stopping.aborted) return { kind: 'interrupted' };
      if (error instanceof UnchangedError)
        return { kind: 'skipped', reason: 'watch_paths', live: error.live };
      if (error instanceof SkipMarkError) return { kind: 'skipped', reason: 'skip_mark', live: null };
      // Freeing a full disk takes time too, so the timeout may have passed meanwhile.
      const isOutOfSpace = isDiskFull(error) || error instanceof EngineDiskFullError;
      if (timeout.aborted && !isOutOfSpace)
        return {
          kind: 'failed',
          failure: this.toFailure(timedOut(task.deployment, error), task.deployment.id, task.log),
        };
      const explained = await this.tokens.explain(task.project, error);
      return { kind: 'failed', failure: this.toFailure(explained, task.deployment.id, task.log) };
    }
  }

  /** @returns whether this failed the deployment */
  private async record(
    deployment: DeploymentEntity,
    outcome: BuildOutcome,
    log: LogWriter,
  ): Promise<boolean> {
    const { id, environmentId, attempt } = deployment;
    const build = { deploymentId: id, environmentId, attempt };
    const isLast = countedAttempts(deployment) >= MAX_BUILD_ATTEMPTS;
    if (outcome.kind === 'failed' && outcome.failure.code === 'engine_unavailable' && !isLast) {
      log.note('the container engine was unreachable or stopped; the build will be retried');
      await log.archive();
      await this.claims.retry(id, attempt);
      return false;
    }
    let isLogged = false;
    const isWanted = await this.unitOfWork.run(async (transaction) => {
      // A build that failed because it was lost does not count as failed.
      const isHeld = outcome.kind !== 'failed' || (await failBuild(transaction, build, outcome.failure));
      const isDisplaced = outcome.kind === 'built' && (await this.isLeaving(outcome));
      // A retried transaction must not log the line twice.
      if (!isLogged) this.logOutcome(outcomeToLog(outcome, { isHeld, isDisplaced }), log);
      isLogged = true;
      await log.archive();
      const isOutdated =
        outcome.kind === 'skipped' && !(await skipBuild(transaction, build, outcome.live, outcome.reason));
      if (outcome.kind === 'interrupted' || isDisplaced || isOutdated) {
        await this.requeue(transaction, id, attempt);
      }
      if (outcome.kind === 'built') return !isDisplaced && finishBuild(transaction, build, outcome);
      return isHeld;
    });
    // The process that ended the build may have cleaned up before this image existed.
    if (outcome.kind === 'built' && !isWanted) {
      const { imageId, containerImageIds, seedImageId, hookImageId } = outcome;
      const ids = [imageId, ...containerImageIds, seedImageId, hookImageId];
      await this.unwanted.remove(ids.filter((id) => id !== null));
    }
    return outcome.kind === 'failed' && isWanted;
  }

  /** Returns whether the image exists only on a node that is being removed, which must not get more of them. */
  private async isLeaving({ nodeId }: DeployableImage): Promise<boolean> {
    return nodeId !== null && this.nodeRemovals.isLeaving(nodeId);
  }

  private logFailure({ id }: DeploymentEntity, outcome: BuildOutcome, log: LogWriter): void {
    if (outcome.kind !== 'failed') return;
    const { code, message, cause } = outcome.failure;
    const reason = cause instanceof Error ? ` (${log.redact(cause.message)})` : '';
    this.logger.warn(`${id} failed, ${code}: ${message}${reason}`);
  }

  private async requeue(transaction: Transaction, deploymentId: string, attempt: number): Promise<void> {
    if (!(await this.claims.requeue(deploymentId, attempt))) return;
    transaction.enqueue({ queue: 'build', name: 'build-deployment', payload: { deploymentId } });
  }

  private logOutcome(outcome: BuildOutcome, log: LogWriter): void {
    if (outcome.kind === 'failed') log.note(`failed: ${outcome.failure.message} (${outcome.failure.code})`);
    if (outcome.kind === 'skipped') log.note(`not built: ${whySkipped(outcome.live)}`);
    if (outcome.kind === 'interrupted')
      log.note('the builder is shutting down; another builder will restart the build');
    if (outcome.kind === 'displaced')
      log.note("the builder's node is being removed; a builder on another node will restart the build");
    if (outcome.kind === 'lost') log.note('the build was stopped');
  }

  /** Decrypts the variables, whose values are redacted. A failure fails the build, since a build step may print them. */
  private async openVariables(
    project: ProjectEntity,
  ): Promise<{ value: DecryptedVariables; failure: DeploymentFailure | null }> {
    try {
      return { value: await this.variables.open(project.id), failure: null };
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      return { value: new DecryptedVariables([]), failure: error };
    }
  }

  private async tokenFor(
    project: ProjectEntity,
    signal: AbortSignal,
  ): Promise<{ value: string | undefined; failure: DeploymentFailure | null }> {
    try {
      const ask = () => this.tokens.tokenFor(project);
      return { value: await this.retries.run({ signal }, ask), failure: null };
    } catch (error) {
      return { value: undefined, failure: this.toFailure(error, project.id) };
    }
  }

  /** @param log redacts the message too, which may quote a build step */
  private toFailure(error: unknown, subject: string, log?: BuildOutput): DeploymentFailure {
    const redact = (text: string) => log?.redact(text) ?? text;
    if (error instanceof DeploymentFailure) {
      return new DeploymentFailure(error.code, redact(error.message), { cause: error });
    }
    if (error instanceof EngineUnavailableError) return engineUnavailable(error);
    if (error instanceof EngineDiskFullError) return diskFull(error);
    const { message, stack = '' } = error as Error;
    this.logger.error(redact(`build of ${subject} failed: ${message}`), redact(stack));
    return new DeploymentFailure(
      'internal_error',
      'The build failed because of an internal error in Nexos. Deploy again; if that does not help, tell the operator.',
      { cause: error },
    );
  }
}

function outcomeToLog(
  outcome: BuildOutcome,
  { isHeld, isDisplaced }: { isHeld: boolean; isDisplaced: boolean },
): BuildOutcome {
  if (isDisplaced) return { kind: 'displaced' };
  return isHeld ? outcome : { kind: 'lost' };
}

/** @param live what the build was compared with; null: its message has a skip mark */
function whySkipped(live: LiveCommit | null): string {
  if (live === null) return 'the message of its commit has a skip mark';
  return `nothing that watch_paths names has changed since the live commit ${live.sha.slice(0, 12)}`;
}

/** Returns the outcome of a build that could not begin. One that the process cut short as it stops begins again elsewhere. */
function failedEarly(failure: DeploymentFailure, stopping: AbortSignal): BuildOutcome {
  return stopping.aborted ? { kind: 'interrupted' } : { kind: 'failed', failure };
}

/** Attempt number, not counting builds handed back. */
function countedAttempts({ attempt, uncountedAttempts }: DeploymentEntity): number {
  return attempt - uncountedAttempts;
}

function engineUnavailable(cause: unknown): DeploymentFailure {
  return new DeploymentFailure(
    'engine_unavailable',
    'The container engine did not answer. Deploy again; if that does not help, tell the operator.',
    { cause },
  );
}

/** Returns the failure of a build that ran out of time: a registry's, if it was waiting for one. */
function timedOut({ settings }: DeploymentEntity, error: unknown): DeploymentFailure {
  const { step = null, pull = null } = error instanceof BuildStoppedError ? error : {};
  if (pull !== null) return pull;
  if (error instanceof RegistryFailure) return error;
  const during = step === null ? '' : ` It was stopped at ${step}.`;
  return new DeploymentFailure(
    'build_timeout',
    `The build took longer than ${settings.build_timeout_seconds} s.${during} Make it faster, or raise the project's build_timeout_seconds.`,
  );
}
