import { BuildLog, type LogWriter, Redactor } from '@nexos/logs';
import { BuilderConfig, WorkerConfig } from '@nexos/config';
import { BuildClaims, type DeployableImage, failBuild, finishBuild, ProjectsRepository } from '@nexos/state';
import { type DeploymentEntity, type ProjectEntity, type Transaction, UnitOfWork } from '@nexos/database';
import { DeploymentFailure, diskFull, isDiskFull, MAX_BUILD_ATTEMPTS } from '@nexos/domain';
import { ProjectVariables } from '@nexos/env-vars';
import { EngineDiskFullError, EngineUnavailableError } from '@nexos/engine';
import { InstallationTokens } from '@nexos/github';
import { Injectable, Logger } from '@nestjs/common';
import { BuildHold, BuildTakenAwayError } from './build-hold.js';
import { ImageMaker } from '../images/image-maker.js';
import { UnwantedImages } from '../images/unwanted-images.js';

/** How a build ended for the builder; `left` means that its end is somebody else's to write down. */
type BuildEnd =
  | ({ readonly kind: 'built' } & DeployableImage)
  | { readonly kind: 'failed'; readonly failure: DeploymentFailure }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'left' };

/** Runs one build that was claimed, to whatever end it comes, and writes that end down. */
@Injectable()
export class BuildRunner {
  private readonly logger = new Logger(BuildRunner.name);

  constructor(
    private readonly projects: ProjectsRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly claims: BuildClaims,
    private readonly images: ImageMaker,
    private readonly unwanted: UnwantedImages,
    private readonly tokens: InstallationTokens,
    private readonly variables: ProjectVariables,
    private readonly buildLog: BuildLog,
    private readonly config: BuilderConfig,
    private readonly times: WorkerConfig,
  ) {}

  /** @param stopping aborted when the process is to stop: the build is given back, not failed */
  async run(deployment: DeploymentEntity, stopping: AbortSignal): Promise<void> {
    const hold = new BuildHold(this.claims, this.unitOfWork, deployment, this.times);
    try {
      const project = await this.projects.get(deployment.projectId);
      const [token, secrets] = await Promise.all([this.tokenFor(project), this.secretsOf(project)]);
      const redactor = new Redactor(
        token.value === undefined ? secrets.values : [token.value, ...secrets.values],
      );
      const log = await this.buildLog.open(deployment.id, redactor, this.config.logLimit);
      if (countOf(deployment) > 1) {
        log.say(`the builder before was lost; attempt ${countOf(deployment)} of ${MAX_BUILD_ATTEMPTS}`);
      }
      const failure = token.failure ?? secrets.failure;
      const end =
        failure === null
          ? await this.build({ deployment, project, token: token.value, log }, hold, stopping)
          : ({ kind: 'failed', failure } as const);
      if (await this.writeDown(deployment, end, log)) this.noteFailure(deployment, end, log);
      await log.close();
    } finally {
      hold.end();
    }
  }

  private async build(
    order: {
      deployment: DeploymentEntity;
      project: ProjectEntity;
      token: string | undefined;
      log: LogWriter;
    },
    hold: BuildHold,
    stopping: AbortSignal,
  ): Promise<BuildEnd> {
    const timeout = AbortSignal.timeout(order.deployment.settings.build_timeout_seconds * 1000);
    const signal = AbortSignal.any([hold.signal, timeout, stopping]);
    const guard = () => {
      signal.throwIfAborted();
      return Promise.resolve();
    };
    try {
      const image = await this.images.make({ ...order, signal, guard });
      return { kind: 'built', ...image };
    } catch (error) {
      // That the build is lost is known here before the hold has looked.
      if (hold.signal.aborted || error instanceof BuildTakenAwayError) return { kind: 'left' };
      if (stopping.aborted) return { kind: 'interrupted' };
      // Giving up what a full disk has no room for takes time too.
      const isOutOfSpace = isDiskFull(error) || error instanceof EngineDiskFullError;
      if (timeout.aborted && !isOutOfSpace) return { kind: 'failed', failure: timedOut(order.deployment) };
      return { kind: 'failed', failure: this.explain(error, order.deployment.id, order.log) };
    }
  }

  /** @returns whether the deployment has failed by it */
  private async writeDown(deployment: DeploymentEntity, end: BuildEnd, log: LogWriter): Promise<boolean> {
    const { id, environmentId, attempt } = deployment;
    const build = { deploymentId: id, environmentId, attempt };
    const isLast = countOf(deployment) >= MAX_BUILD_ATTEMPTS;
    if (end.kind === 'failed' && end.failure.code === 'engine_unavailable' && !isLast) {
      log.say(`${end.failure.message} Trying again.`);
      await log.archive();
      await this.claims.retry(id, attempt);
      return false;
    }
    let isSaid = false;
    const isWanted = await this.unitOfWork.run(async (transaction) => {
      // What failed because it was taken away did not fail.
      const isHeld = end.kind !== 'failed' || (await failBuild(transaction, build, end.failure));
      // The log has the line already when the transaction is run again.
      if (!isSaid) this.sayEnd(isHeld ? end : { kind: 'left' }, log);
      isSaid = true;
      await log.archive();
      if (end.kind === 'built') return finishBuild(transaction, build, end);
      if (end.kind === 'interrupted') await this.requeue(transaction, id, attempt);
      return isHeld;
    });
    // Whoever took the build away may have tidied up before this image was there.
    if (end.kind === 'built' && !isWanted) {
      await this.unwanted.remove([end.imageId, end.seedImageId].filter((id) => id !== null));
    }
    return end.kind === 'failed' && isWanted;
  }

  private noteFailure({ id }: DeploymentEntity, end: BuildEnd, log: LogWriter): void {
    if (end.kind !== 'failed') return;
    const { code, message, cause } = end.failure;
    const why = cause instanceof Error ? ` (${log.redact(cause.message)})` : '';
    this.logger.warn(`${id} failed, ${code}: ${message}${why}`);
  }

  private async requeue(transaction: Transaction, deploymentId: string, attempt: number): Promise<void> {
    if (!(await this.claims.requeue(deploymentId, attempt))) return;
    transaction.enqueue({ queue: 'build', name: 'build-deployment', payload: { deploymentId } });
  }

  private sayEnd(end: BuildEnd, log: LogWriter): void {
    if (end.kind === 'failed') log.say(`failed: ${end.failure.message} (${end.failure.code})`);
    if (end.kind === 'interrupted')
      log.say('the builder is stopping; the build begins again on the next one');
    if (end.kind === 'left') log.say('the build was stopped');
  }

  /** What the log may not show. Without knowing that, nothing is built: a build step may print it. */
  private async secretsOf(
    project: ProjectEntity,
  ): Promise<{ values: readonly string[]; failure: DeploymentFailure | null }> {
    try {
      const { secrets } = await this.variables.open(project.id);
      return { values: secrets, failure: null };
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      return { values: [], failure: error };
    }
  }

  private async tokenFor(
    project: ProjectEntity,
  ): Promise<{ value: string | undefined; failure: DeploymentFailure | null }> {
    const installation = project.installationId === null ? undefined : Number(project.installationId);
    try {
      return { value: await this.tokens.tokenFor(project.githubRepo, installation), failure: null };
    } catch (error) {
      return { value: undefined, failure: this.explain(error, project.id) };
    }
  }

  /** @param log what it does not show, the explanation does not tell either: it may quote a step of the build */
  private explain(error: unknown, about: string, log?: LogWriter): DeploymentFailure {
    const redact = (text: string) => log?.redact(text) ?? text;
    if (error instanceof DeploymentFailure) {
      return new DeploymentFailure(error.code, redact(error.message), { cause: error });
    }
    if (error instanceof EngineUnavailableError) return engineAway(error);
    if (error instanceof EngineDiskFullError) return diskFull(error);
    const { message, stack = '' } = error as Error;
    this.logger.error(redact(`building ${about}: ${message}`), redact(stack));
    return new DeploymentFailure(
      'internal_error',
      'Something went wrong on our side. Deploy again; if that does not help, tell the operator.',
      { cause: error },
    );
  }
}

/** Attempt number, not counting builds handed back. */
function countOf({ attempt, uncountedAttempts }: DeploymentEntity): number {
  return attempt - uncountedAttempts;
}

function engineAway(cause: unknown): DeploymentFailure {
  return new DeploymentFailure('engine_unavailable', 'The container engine did not answer.', { cause });
}

function timedOut({ settings }: DeploymentEntity): DeploymentFailure {
  return new DeploymentFailure(
    'build_timeout',
    `The build took longer than ${settings.build_timeout_seconds} s. Make it faster, or raise build_timeout_seconds of the project.`,
  );
}
