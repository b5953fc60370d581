import { Redactor } from '@nexos/logs';
import { isDatabaseUnavailable, LeaseLostError } from '@nexos/database';
import { EnvironmentErrorsRepository } from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { EngineNotManagerError, EngineUnavailableError } from '@nexos/engine';
import { ProjectVariables } from '@nexos/env-vars';
import { IngressUnavailableError } from '@nexos/ingress';
import { Injectable, Logger } from '@nestjs/common';
import { ProjectBusyError } from './project-network.js';
import { heldBy, type ReconcileContext } from './reconcile-context.js';
import { ServicesGoneError } from '../services/project-services.js';

/** Transient outages; retried without being reported as the environment's own. */
const TRANSIENT_ERRORS = [
  EngineUnavailableError,
  EngineNotManagerError,
  IngressUnavailableError,
  ProjectBusyError,
  ServicesGoneError,
];

/** Records why an environment could not be reconciled, for the API to show. */
@Injectable()
export class EnvironmentErrors {
  private readonly logger = new Logger(EnvironmentErrors.name);

  constructor(
    private readonly errors: EnvironmentErrorsRepository,
    private readonly variables: ProjectVariables,
  ) {}

  /** Records the error of an attempt, which is retried with backoff. */
  async note(context: ReconcileContext, error: unknown): Promise<void> {
    if (error instanceof LeaseLostError || isDatabaseUnavailable(error)) return;
    const isTransient = TRANSIENT_ERRORS.some((kind) => error instanceof kind);
    try {
      const failure = await this.redact(context, toFailure(error));
      await this.errors.record(heldBy(context), failure, !isTransient);
    } catch (failed) {
      this.logger.warn(
        `could not record the error of ${context.environment.id}: ${(failed as Error).message}`,
      );
    }
  }

  /** Returns a failure without the project's secrets. */
  async redact({ environment }: ReconcileContext, failure: DeploymentFailure): Promise<DeploymentFailure> {
    const redactor = await this.redactorOf(environment.projectId);
    return new DeploymentFailure(failure.code, redactor.redact(failure.message), { cause: failure });
  }

  async clear(context: ReconcileContext): Promise<void> {
    if (context.environment.errorAt === null) return;
    await this.errors.clear(heldBy(context));
  }

  private async redactorOf(projectId: string): Promise<Redactor> {
    try {
      return new Redactor((await this.variables.open(projectId)).secrets);
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      this.logger.warn(`could not decrypt the secrets of ${projectId}: ${error.message}`);
      return new Redactor([]);
    }
  }
}

function toFailure(error: unknown): DeploymentFailure {
  if (error instanceof DeploymentFailure) {
    return new DeploymentFailure(error.code, `${error.message} Nexos keeps trying.`, { cause: error });
  }
  if (error instanceof EngineUnavailableError || error instanceof EngineNotManagerError) {
    return new DeploymentFailure(
      'engine_unavailable',
      'The container engine is unreachable or is not a Swarm manager. Nexos keeps trying; if this persists, tell the operator.',
    );
  }
  return new DeploymentFailure(
    'internal_error',
    'An internal error in Nexos interrupted the action. Nexos keeps trying; if this persists, tell the operator.',
  );
}
