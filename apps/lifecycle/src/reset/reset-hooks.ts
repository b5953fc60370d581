import { BuildLog, Redactor } from '@nexos/logs';
import { faultPoint } from '@nexos/config';
import { type DeploymentEntity, UnitOfWork } from '@nexos/database';
import { EnvironmentDatabasesRepository, recordHooksFailed } from '@nexos/state';
import { DeploymentFailure, failureOfHooks } from '@nexos/domain';
import { DecryptedVariables } from '@nexos/env-vars';
import { Injectable } from '@nestjs/common';
import { heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { ContainerVariables } from '../rollout/container-variables.js';
import { AppStarter } from '../rollout/app-starter.js';
import { ServiceRoom } from '../services/service-room.js';

const LOG_LIMIT = 256 * 1024;

/** Runs the live version's hooks for a database that was reset, and logs the result to the deployment's log. */
@Injectable()
export class ResetHooks {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly databases: EnvironmentDatabasesRepository,
    private readonly containerVariables: ContainerVariables,
    private readonly starter: AppStarter,
    private readonly serviceRoom: ServiceRoom,
    private readonly buildLog: BuildLog,
  ) {}

  /**
   * Runs the hooks. When one fails, the live version keeps running and the hooks stay due: they run again when the
   * environment is resumed or reset, or with the next deployment.
   *
   * @throws {RolloutSupersededError} when something newer is wanted
   */
  async run(context: ReconcileContext, deployment: DeploymentEntity): Promise<void> {
    const held = heldBy(context);
    const variables = await this.containerVariables.open(context.environment, deployment);
    const isOpen = variables instanceof DecryptedVariables;
    const log = await this.buildLog.open(
      deployment.id,
      new Redactor(isOpen ? variables.secrets : []),
      LOG_LIMIT,
    );
    let isHeld: boolean;
    try {
      log.note('the database was reset');
      if (!isOpen) throw variables;
      await this.serviceRoom.lookBeforeRetry(context.environment, deployment.settings.services);
      await this.starter.prepare({ ...context, deployment, log }, variables);
      faultPoint('reset.hooks-ended');
      isHeld = await this.databases.recordHooksRan(held);
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      log.note(`failed: ${log.redact(error.message)} (${error.code})`);
      const failure = new DeploymentFailure(error.code, log.redact(failureOfHooks(error).message));
      isHeld = await this.unitOfWork.run((transaction) =>
        recordHooksFailed(transaction, context.environment, held.epoch, failure),
      );
    } finally {
      faultPoint('reset.hooks-recorded');
      await log.archive();
      await log.close();
    }
    if (!isHeld) await context.lease.guard();
  }
}
