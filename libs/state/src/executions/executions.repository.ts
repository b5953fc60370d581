import { type ExecutionStatus } from '@nexos/domain';
import { affected, ExecutionEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { HeldExecution } from './transitions.js';
import { findOwned, findPage, type PageRequest } from '../page.js';

/** What was queued just now is on its way to a worker. */
const ON_ITS_WAY_SECONDS = 2;

/** Why an execution is not wanted any more. */
export type UnwantedBecause = 'cancelled' | 'environment';

/** Executions as readers see them. Their status is changed by the transitions beside this. */
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

  /** @throws when there is no such execution */
  async statusOf(id: string): Promise<{ status: ExecutionStatus; exitCode: number | null }> {
    return this.unitOfWork.manager.findOneOrFail(ExecutionEntity, {
      select: { id: true, status: true, exitCode: true },
      where: { id },
    });
  }

  /** The ids of executions that are not settled and that no worker holds, the first first. */
  async findIdle(limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT id FROM executions
       WHERE settled_at IS NULL AND (lease_until IS NULL OR lease_until < now())
         AND queued_at < now() - make_interval(secs => $1)
       ORDER BY id LIMIT $2`,
      [ON_ITS_WAY_SECONDS, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Of some ids, those of executions that may have something on the engine. */
  async findUnsettled(ids: readonly string[]): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      'SELECT id FROM executions WHERE id = ANY($1) AND settled_at IS NULL',
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /** Records that nothing of an execution that has ended is left on the engine; false when the lease was lost. */
  async settle({ executionId, epoch }: HeldExecution): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        'UPDATE executions SET settled_at = now() WHERE id = $1 AND lease_epoch = $2 AND finished_at IS NOT NULL',
        [executionId, epoch],
      ),
    );
  }

  /** Why an execution is not wanted any more; null while nobody cancelled it and its environment runs and is to. */
  async unwantedBecause(id: string): Promise<UnwantedBecause | null> {
    const [row] = await this.unitOfWork.manager.query<{ isCancelled: boolean; runs: boolean }[]>(
      `SELECT execution.cancel_requested_at IS NOT NULL AS "isCancelled",
         environment.status = 'running' AND environment.desired_state = 'running'
           AND environment.live_deployment_id IS NOT NULL AS runs
       FROM executions execution JOIN environments environment ON environment.id = execution.environment_id
       WHERE execution.id = $1`,
      [id],
    );
    if (row?.isCancelled !== false) return 'cancelled';
    return row.runs ? null : 'environment';
  }
}
