import { type ExecutionStatus } from '@nexos/domain';
import { affected, ExecutionEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { HeldExecution } from './transitions.js';
import { findOwned, findPage, type PageRequest } from '../page.js';

/** A more recently queued execution is probably on its way to a worker. */
const IN_FLIGHT_SECONDS = 2;

/** Why an execution should stop. */
export type StopReason = 'cancelled' | 'environment';

/** Reads executions. The transitions in this folder change their status. */
@Injectable()
export class ExecutionsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  find(id: string): Promise<ExecutionEntity | null> {
    return this.unitOfWork.manager.findOneBy(ExecutionEntity, { id });
  }

  findOfAccount(accountId: string, id: string): Promise<ExecutionEntity | null> {
    return findOwned(this.unitOfWork.manager, ExecutionEntity, accountId, id);
  }

  page(environmentId: string, page: PageRequest): Promise<ExecutionEntity[]> {
    return findPage(this.unitOfWork.manager, ExecutionEntity, { environmentId }, page);
  }

  /** @throws when the execution does not exist */
  async statusOf(id: string): Promise<{ status: ExecutionStatus; exitCode: number | null }> {
    return this.unitOfWork.manager.findOneOrFail(ExecutionEntity, {
      select: { id: true, status: true, exitCode: true },
      where: { id },
    });
  }

  /** Returns the ids of unsettled executions that no worker holds, oldest first. */
  async findIdle(limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT id FROM executions
       WHERE settled_at IS NULL AND (lease_until IS NULL OR lease_until < now())
         AND queued_at < now() - make_interval(secs => $1)
       ORDER BY id LIMIT $2`,
      [IN_FLIGHT_SECONDS, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Returns those of the ids whose executions may still have a job on the engine. */
  async findUnsettled(ids: readonly string[]): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      'SELECT id FROM executions WHERE id = ANY($1) AND settled_at IS NULL',
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /** Records that an ended execution has no job left on the engine; false when the lease was lost. */
  async settle({ executionId, epoch }: HeldExecution): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        'UPDATE executions SET settled_at = now() WHERE id = $1 AND lease_epoch = $2 AND finished_at IS NOT NULL',
        [executionId, epoch],
      ),
    );
  }

  /** Returns why an execution should stop; null unless it was cancelled or its environment stops. */
  async stopReason(id: string): Promise<StopReason | null> {
    const [row] = await this.unitOfWork.manager.query<{ isCancelled: boolean; runs: boolean }[]>(
      `SELECT execution.cancel_requested_at IS NOT NULL AS "isCancelled",
         environment.desired_state = 'running' AND environment.status =
           CASE WHEN environment.live_deployment_id IS NULL THEN 'failed' ELSE 'running' END AS runs
       FROM executions execution JOIN environments environment ON environment.id = execution.environment_id
       WHERE execution.id = $1`,
      [id],
    );
    if (row?.isCancelled !== false) return 'cancelled';
    return row.runs ? null : 'environment';
  }
}
