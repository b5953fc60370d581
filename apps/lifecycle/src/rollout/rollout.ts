import { BuildLog, Redactor } from '@nexos/logs';
import { EngineConfig, faultPoint, IngressConfig, WorkerConfig } from '@nexos/config';
import { type DeploymentEntity, isDatabaseError, LeaseLostError, UnitOfWork } from '@nexos/database';
import { failRollout, finishRollout, RoutesRepository } from '@nexos/state';
import { allEnded, DeploymentFailure, diskFull } from '@nexos/domain';
import {
  DeploymentServices,
  Engine,
  EngineDiskFullError,
  EngineError,
  EngineNotFoundError,
  EngineNotManagerError,
  EngineUnavailableError,
  serviceName,
} from '@nexos/engine';
import { DecryptedVariables } from '@nexos/env-vars';
import { environmentUrl, IngressMap, IngressUnavailableError } from '@nexos/ingress';
import { Injectable, Logger } from '@nestjs/common';
import { ContainerVariables } from './container-variables.js';
import { AppStarter } from './app-starter.js';
import { HealthWait } from './health-wait.js';
import { IngressRoutes } from '../ingress/ingress-routes.js';
import { RolloutSupersededError } from '../reconcile/supersede-check.js';
import { ProjectBusyError } from '../reconcile/project-network.js';
import { type DeploymentContext, heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { ServicesGoneError } from '../services/project-services.js';

const LOG_LIMIT = 256 * 1024;
const LAST_LINES = 50;

const LATER = [
  RolloutSupersededError,
  ProjectBusyError,
  ServicesGoneError,
  LeaseLostError,
  EngineUnavailableError,
  EngineNotManagerError,
  IngressUnavailableError,
];

/** Brings a built version up beside the live one, and gives it the traffic once it answers. */
@Injectable()
export class Rollout {
  private readonly logger = new Logger(Rollout.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly hostRoutes: RoutesRepository,
    private readonly services: DeploymentServices,
    private readonly engine: Engine,
    private readonly map: IngressMap,
    private readonly health: HealthWait,
    private readonly containerVariables: ContainerVariables,
    private readonly starter: AppStarter,
    private readonly routes: IngressRoutes,
    private readonly buildLog: BuildLog,
    private readonly engineConfig: EngineConfig,
    private readonly ingress: IngressConfig,
    private readonly worker: WorkerConfig,
  ) {}

  /**
   * Runs a rollout to completion. A version that does not become healthy is removed and the live one stays as it is;
   * a superseded rollout is left to the next reconcile.
   */
  async run(turn: ReconcileContext, deployment: DeploymentEntity): Promise<void> {
    const { environment, signal } = turn;
    const [variables] = await allEnded([
      this.containerVariables.open(environment, deployment),
      this.assertReachable(),
    ]);
    faultPoint('rollout.services-reserved');
    const isOpen = variables instanceof DecryptedVariables;
    const redactor = new Redactor(isOpen ? variables.secrets : []);
    const log = await this.buildLog.open(deployment.id, redactor, LOG_LIMIT);
    const context = { ...turn, deployment, log };
    let kept = false;
    try {
      const started = Date.now();
      if (!isOpen) throw variables;
      await this.starter.start(context, variables);
      faultPoint('rollout.service-created');
      await this.health.untilHealthy(context, deployment, this.serviceOf(deployment));
      faultPoint('rollout.healthy');
      const url = environmentUrl(this.ingress, environment.hostname);
      log.say(`healthy after ${((Date.now() - started) / 1000).toFixed(1)} s; traffic goes to it: ${url}`);
      await this.goLive(context);
      kept = true;
    } catch (error) {
      if (isForLater(error) || signal.aborted) await this.leave(context, error);
      else {
        // What the app wrote may hold secrets, which cannot be taken out of it as long as they are not known.
        if (isOpen) await this.showLastLines(context);
        await this.fail(context, this.explain(error, context));
      }
      kept = true;
    } finally {
      await log.close(kept);
    }
  }

  /** While the engine or the ingress is away there is nothing to begin, and nothing to write into a log. */
  private async assertReachable(): Promise<void> {
    await Promise.all([this.engine.ping(), this.map.identity()]);
  }

  private explain(error: unknown, { deployment, log }: DeploymentContext): DeploymentFailure {
    if (error instanceof DeploymentFailure) {
      return new DeploymentFailure(error.code, log.redact(error.message), { cause: error });
    }
    if (error instanceof EngineDiskFullError) return diskFull(error, 'container engine');
    const { message, stack = '' } = error as Error;
    this.logger.error(log.redact(`rolling out ${deployment.id}: ${message}`), log.redact(stack));
    return new DeploymentFailure(
      'internal_error',
      'Something went wrong on our side while the version was started. Push again; if that does not help, tell the operator.',
      { cause: error },
    );
  }

  /** The route moves inside of the transaction: nobody reads `live` before the URL answers with this version. */
  private async goLive(context: DeploymentContext): Promise<void> {
    const { deployment, log } = context;
    const rollout = { deploymentId: deployment.id, ...heldBy(context) };
    const { hostname } = context.environment;
    const { port } = deployment.settings;
    const isLive = await this.hostRoutes.whileLocked(async (transaction) => {
      if (!(await finishRollout(transaction, rollout, this.worker.drainMs))) return false;
      await log.archive();
      await this.routes.point({ hostname, deploymentId: deployment.id, port });
      faultPoint('rollout.route-moved');
      return true;
    });
    faultPoint('rollout.committed');
    if (!isLive) throw new RolloutSupersededError();
    this.logger.log(`${deployment.id} is live at ${hostname}`);
  }

  private async fail(context: DeploymentContext, failure: DeploymentFailure): Promise<void> {
    const { deployment, log } = context;
    log.say(`failed: ${failure.message} (${failure.code})`);
    const rollout = { deploymentId: deployment.id, ...heldBy(context) };
    await this.unitOfWork.run(async (transaction) => {
      await failRollout(transaction, rollout, failure);
      await log.archive();
    });
    faultPoint('rollout.failed');
    this.logger.warn(`${deployment.id} failed, ${failure.code}: ${failure.message}`);
  }

  private async leave({ deployment, log }: DeploymentContext, error: unknown): Promise<void> {
    const isSuperseded = error instanceof RolloutSupersededError;
    log.say(isSuperseded ? 'stopped: it is not wanted any more' : 'interrupted; it will be taken up again');
    await log.archive();
    if (!isSuperseded) throw error;
    this.logger.log(`the rollout of ${deployment.id} was superseded`);
  }

  private async showLastLines({ deployment, log }: DeploymentContext): Promise<void> {
    try {
      const lines = await this.services.tailLogs(this.serviceOf(deployment), LAST_LINES);
      log.say(lines.length === 0 ? 'the app wrote nothing' : `the last ${lines.length} lines of the app:`);
      for (const line of lines) log.append(line);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const isMissing = error instanceof EngineNotFoundError;
      log.say(isMissing ? 'the app was never started' : 'the last lines of the app could not be read');
    }
  }

  private serviceOf(deployment: DeploymentEntity): string {
    return serviceName(this.engineConfig.instance, deployment.id);
  }
}

/** What another worker, or a later moment, can still bring to a good end. */
function isForLater(error: unknown): boolean {
  return isDatabaseError(error) || LATER.some((kind) => error instanceof kind);
}
