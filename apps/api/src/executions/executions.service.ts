import { type ExecutionEntity, UnitOfWork } from '@nexos/database';
import { cancelExecution, ExecutionsRepository, queueExecution } from '@nexos/state';
import { isExecutionUnfinished, isId } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { EnvironmentsService } from '../environments/environments.service.js';
import type { Principal } from '../auth/principal.js';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import type { CreateExecutionDto } from './dto/create-execution.dto.js';
import type { ExecutionLogEndEvent } from './execution-log.response.js';
import { toExecutionResponse, type ExecutionResponse } from './execution.response.js';

/** Runs and reads commands in the environments of one account. */
@Injectable()
export class ExecutionsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly executions: ExecutionsRepository,
    private readonly environments: EnvironmentsService,
  ) {}

  /**
   * Queues a command.
   *
   * @throws {ApiError} not-found; conflict, saying why it cannot run in the current state
   */
  create(
    { accountId, credentialId: requestedBy }: Principal,
    environmentId: string,
    { command, container, timeout_seconds: timeoutSeconds }: CreateExecutionDto,
  ): Promise<ExecutionResponse> {
    return this.unitOfWork.run(async (transaction) => {
      await this.environments.get(accountId, environmentId);
      const wanted = { environmentId, container, command, timeoutSeconds, requestedBy };
      const outcome = await queueExecution(transaction, wanted);
      if ('refused' in outcome) throw new ApiError('conflict', outcome.refused);
      return this.get(accountId, outcome.id);
    });
  }

  /** Returns the newest first, plus one extra row if there is a next page. */
  list(environmentId: string, page: PageQuery): Promise<ExecutionEntity[]> {
    return this.executions.page(environmentId, page);
  }

  /** @throws {ApiError} not-found, also for another account's execution */
  async get(accountId: string, id: string): Promise<ExecutionResponse> {
    return toExecutionResponse(await this.find(accountId, id));
  }

  /**
   * Requests that a command be stopped. Idempotent.
   *
   * @throws {ApiError} not-found; conflict, when it has already finished in another status
   */
  cancel({ accountId, credentialId: actor }: Principal, id: string): Promise<ExecutionResponse> {
    return this.unitOfWork.run(async (transaction) => {
      await this.find(accountId, id);
      const status = await cancelExecution(transaction, id, { actor, reason: 'requested' });
      if (status !== 'cancelled' && !isExecutionUnfinished(status)) {
        throw new ApiError('conflict', `The command can no longer be cancelled: its status is ${status}.`);
      }
      return this.get(accountId, id);
    });
  }

  /** Returns the status of an execution, and whether it has finished. */
  async progress(id: string): Promise<{ state: ExecutionLogEndEvent; ended: boolean }> {
    const { status, exitCode } = await this.executions.statusOf(id);
    return { state: { status, exit_code: exitCode }, ended: !isExecutionUnfinished(status) };
  }

  private async find(accountId: string, id: string): Promise<ExecutionEntity> {
    const execution = isId('execution', id) ? await this.executions.findOfAccount(accountId, id) : null;
    if (execution === null) throw notFound('execution');
    return execution;
  }
}
