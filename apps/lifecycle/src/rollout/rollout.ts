import { BuildLog, Redactor } from '@nexos/logs';
import { faultPoint, IngressConfig, WorkerConfig } from '@nexos/config';
import {
  type DeploymentEntity,
  isDatabaseError,
  LeaseLostError,
  type Transaction,
  UnitOfWork,
} from '@nexos/database';
import { failRollout, finishRollout, HostnamesRepository } from '@nexos/state';
import { APP_CONTAINER, settleAll, DeploymentFailure, diskFull } from '@nexos/domain';
import {
  DeploymentServices,
  Engine,
  EngineDiskFullError,
  EngineError,
  EngineNotFoundError,
  EngineNotManagerError,
  EngineUnavailableError,
} from '@nexos/engine';
import { DecryptedVariables } from '@nexos/env-vars';
import { environmentUrl, IngressMap, IngressUnavailableError } from '@nexos/ingress';
import { containersOf } from '@nexos/settings';
import { Injectable, Logger } from '@nestjs/common';
import { ContainerVariables } from './container-variables.js';
import { AppStarter } from './app-starter.js';
import { ContainerFailure } from './container-failure.js';
import { ContainersUp } from './containers-up.js';
import { OldContainers } from './old-containers.js';
import { IngressRoutes, type RelaysOfServices } from '../ingress/ingress-routes.js';
import { RolloutSupersededError } from '../reconcile/supersede-check.js';
import { ProjectBusyError } from '../reconcile/project-network.js';
import { type DeploymentContext, heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { ServicesGoneError } from '../services/project-services.js';

const LOG_LIMIT = 256 * 1024;
const LAST_LINES = 50;

const TRANSIENT_ERRORS = [
  RolloutSupersededError,
  ProjectBusyError,
  ServicesGoneError,
  LeaseLostError,
  EngineUnavailableError,
  EngineNotManagerError,
  IngressUnavailableError,
];

/** Starts a built version beside the live one, and routes traffic to it once it is healthy. */
@Injectable()
export class Rollout {
  private readonly logger = new Logger(Rollout.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly hostnames: HostnamesRepository,
    private readonly services: DeploymentServices,
    private readonly engine: Engine,
    private readonly map: IngressMap,
    private readonly up: ContainersUp,
    private readonly old: OldContainers,
    private readonly containerVariables: ContainerVariables,
    private readonly starter: AppStarter,
    private readonly routes: IngressRoutes,
    private readonly buildLog: BuildLog,
    private readonly ingress: IngressConfig,
    private readonly worker: WorkerConfig,
  ) {}

  /**
   * Runs a rollout to completion. A version that does not become healthy is removed and the live one stays as it is;
   * a superseded rollout is left to the next reconcile.
   */
  async run(reconcileContext: ReconcileContext, deployment: DeploymentEntity): Promise<void> {
    const { environment, signal } = reconcileContext;
    const containers = containersOf(deployment.settings);
    const isPublic = containers.filter((container) => container.public).map(({ name }) => name);
    const [variables, hostnames] = await settleAll([
      this.containerVariables.open(environment, deployment),
      this.hostnames.ensure(environment, isPublic, this.ingress.baseDomain),
      this.assertReachable(),
    ]);
    faultPoint('rollout.services-reserved');
    const isOpen = variables instanceof DecryptedVariables;
    const redactor = new Redactor(isOpen ? variables.secrets : []);
    const log = await this.buildLog.open(deployment.id, redactor, LOG_LIMIT);
    const context = { ...reconcileContext, deployment, log };
    let isKept = false;
    try {
      if (!isOpen) throw variables;
      let started = Date.now();
      const relays = await this.starter.start(context, variables, (start) => {
        started = Date.now();
        return this.up.bringUp(context, deployment, hostnames, async (container) => {
          await start(container);
          faultPoint('rollout.service-created');
        });
      });
      faultPoint('rollout.healthy');
      const urls = isPublic.map((name) => environmentUrl(this.ingress, hostnames.get(name) ?? ''));
      log.note(
        `healthy after ${((Date.now() - started) / 1000).toFixed(1)} s; routing traffic to ${urls.join(', ')}`,
      );
      await this.goLive(context, relays);
      isKept = true;
    } catch (error) {
      if (isTransient(error) || signal.aborted) await this.recordInterruption(context, error);
      else {
        // The app's output may hold secrets, which can only be redacted once they are decrypted.
        if (isOpen) await this.logLastLines(context, error);
        await this.old.giveBack(context, deployment);
        await this.fail(context, this.toFailure(error, context));
      }
      isKept = true;
    } finally {
      await log.close(isKept);
    }
  }

  /** Fails before anything starts or is logged when the engine or the ingress is unreachable. */
  private async assertReachable(): Promise<void> {
    await Promise.all([this.engine.ping(), this.map.identity()]);
  }

  private toFailure(error: unknown, { deployment, log }: DeploymentContext): DeploymentFailure {
    if (error instanceof DeploymentFailure) {
      return new DeploymentFailure(error.code, log.redact(error.message), { cause: error });
    }
    if (error instanceof EngineDiskFullError) return diskFull(error, 'container engine');
    const { message, stack = '' } = error as Error;
    this.logger.error(log.redact(`rollout of ${deployment.id} failed: ${message}`), log.redact(stack));
    return new DeploymentFailure(
      'internal_error',
      'The version could not be started because of an internal error in Nexos. Deploy again; if that does not help, tell the operator.',
      { cause: error },
    );
  }

  /** Moves the route within the transaction, so that nobody reads `live` before the URL serves this version. */
  private async goLive(context: DeploymentContext, relays: RelaysOfServices): Promise<void> {
    const { environment, deployment, log } = context;
    const rollout = { deploymentId: deployment.id, ...heldBy(context) };
    const finish = async (transaction: Transaction) => {
      if (!(await finishRollout(transaction, rollout, this.worker.drainMs))) return false;
      await log.archive();
      return true;
    };
    const published = { relays, point: 'rollout.route-moved' } as const;
    const isLive = await this.routes.whileChanging(environment, finish, published);
    faultPoint('rollout.committed');
    if (!isLive) throw new RolloutSupersededError();
    this.logger.log(`${deployment.id} is live at ${environment.hostname}`);
  }

  private async fail(context: DeploymentContext, failure: DeploymentFailure): Promise<void> {
    const { deployment, log } = context;
    log.note(`failed: ${failure.message} (${failure.code})`);
    const rollout = { deploymentId: deployment.id, ...heldBy(context) };
    await this.unitOfWork.run(async (transaction) => {
      await failRollout(transaction, rollout, failure);
      await log.archive();
    });
    faultPoint('rollout.failed');
    this.logger.warn(`${deployment.id} failed, ${failure.code}: ${failure.message}`);
  }

  private async recordInterruption({ deployment, log }: DeploymentContext, error: unknown): Promise<void> {
    const isSuperseded = error instanceof RolloutSupersededError;
    log.note(
      isSuperseded ? 'stopped: the rollout was superseded' : 'interrupted; the rollout will be resumed',
    );
    await log.archive();
    if (!isSuperseded) throw error;
    this.logger.log(`the rollout of ${deployment.id} was superseded`);
  }

  /** Logs the last lines of the container that failed, or of the app. */
  private async logLastLines({ deployment, log }: DeploymentContext, cause: unknown): Promise<void> {
    const failed = cause instanceof ContainerFailure ? cause.container : APP_CONTAINER;
    const containers = containersOf(deployment.settings);
    const { name, index } = containers.find((one) => one.name === failed) ?? containers[0];
    const what = name === APP_CONTAINER ? 'the app' : `the container ${name}`;
    const { id: deploymentId, moves } = deployment;
    try {
      const lines = await this.services.tailLogs(
        this.services.nameOf({ deploymentId, moves, index }),
        LAST_LINES,
      );
      log.note(
        lines.length === 0 ? `${what} wrote no output` : `last output of ${what} (${lines.length} line(s)):`,
      );
      for (const line of lines) log.append(line);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const isMissing = error instanceof EngineNotFoundError;
      log.note(isMissing ? `${what} was never started` : `the last lines of ${what} could not be read`);
    }
  }
}

/** Returns whether a later attempt, or another worker, may still succeed. */
function isTransient(error: unknown): boolean {
  return isDatabaseError(error) || TRANSIENT_ERRORS.some((kind) => error instanceof kind);
}
