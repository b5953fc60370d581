import { type ExecutionFailureCode, type ExecutionStatus, executionStatusesBefore } from '@nexos/domain';
import { affected, ExecutionEntity } from '@nexos/database';
import type { EntityManager } from 'typeorm';

/** An execution that a worker holds the lease of. */
export interface HeldExecution {
  readonly executionId: string;
  readonly epoch: string;
}

/** How an execution ended. */
export type ExecutionOutcome =
  | { readonly status: 'exited'; readonly exitCode: number }
  | { readonly status: 'failed'; readonly failure: { code: ExecutionFailureCode; message: string } }
  | { readonly status: 'timed_out' | 'cancelled' };

/**
 * Records that a command is begun, right before it is: whoever finds it `running` and has not begun it never begins it.
 *
 * @returns false when it is not to be begun any more: it was cancelled, begun before, or the lease is lost
 */
export function beginExecution(
  manager: EntityManager,
  held: HeldExecution,
  deploymentId: string,
): Promise<boolean> {
  return move(manager, held, 'running', { deploymentId, startedAt: () => 'now()' });
}

/** Records how a command ended; false when it had ended already, or the lease is lost. */
export function finishExecution(
  manager: EntityManager,
  held: HeldExecution,
  outcome: ExecutionOutcome,
): Promise<boolean> {
  return move(manager, held, outcome.status, {
    finishedAt: () => 'now()',
    ...(outcome.status === 'exited' && { exitCode: outcome.exitCode }),
    ...(outcome.status === 'failed' && {
      failureCode: outcome.failure.code,
      failureMessage: outcome.failure.message,
    }),
  });
}

/** Records that nothing of an execution that has ended is left on the engine. */
export async function settleExecution(manager: EntityManager, held: HeldExecution): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE executions SET settled_at = now() WHERE id = $1 AND lease_epoch = $2 AND finished_at IS NOT NULL`,
      [held.executionId, held.epoch],
    ),
  );
}

async function move(
  manager: EntityManager,
  { executionId: id, epoch }: HeldExecution,
  to: ExecutionStatus,
  set: object,
): Promise<boolean> {
  const result = await manager
    .createQueryBuilder()
    .update(ExecutionEntity)
    .set({ ...set, status: to })
    .where('id = :id AND lease_epoch = :epoch AND status = ANY(:from)', {
      id,
      epoch,
      from: executionStatusesBefore(to),
    })
    .execute();
  return (result.affected ?? 0) > 0;
}
