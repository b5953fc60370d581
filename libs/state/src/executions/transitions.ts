import {
  systemCause,
  type Cause,
  type ExecutionFacts,
  type ExecutionFailureCode,
  executionRefusal,
  type ExecutionStatus,
  executionStatusesBefore,
  maskedCommand,
  newId,
} from '@nexos/domain';
import { ExecutionEntity, type Transaction } from '@nexos/database';
import { recordAudit } from '../audit/record-audit.js';
import { HAS_FAILED_WITH_IMAGE } from '../deployments/deployments.repository.js';
import { lockEnvironmentOf } from '../environments/lock-environment.js';
import { recordEvent } from '../events/record-event.js';
import { changeStatus, type StatusTable } from '../transitions/change-status.js';

/** Events of an execution are recorded as events of its environment. */
const EXECUTIONS: StatusTable = {
  table: 'executions',
  alias: 'execution',
  event: {
    of: 'environment',
    type: 'execution',
    subject: 'environment_id',
    data: `jsonb_strip_nulls(jsonb_build_object('execution_id', id, 'exit_code', exit_code))`,
  },
};

type FactsOfEnvironment = Omit<ExecutionFacts, 'container'> & {
  readonly projectId: string;
  readonly accountId: string;
};

/** A request to run a command. */
export interface ExecutionRequest {
  readonly environmentId: string;
  /** The container whose image and variables it gets. */
  readonly container: string;
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
  /** The id of the API key or session that made the request. */
  readonly requestedBy: string;
}

/** An execution whose lease a worker holds. */
export interface HeldExecution {
  readonly executionId: string;
  readonly epoch: string;
}

/** The outcome of an execution. */
export type ExecutionOutcome =
  | { readonly status: 'exited'; readonly exitCode: number }
  | { readonly status: 'failed'; readonly failure: { code: ExecutionFailureCode; message: string } }
  | { readonly status: 'timed_out' | 'cancelled' };

/**
 * Queues a command to run in an environment. The rows of the environment and its account stay locked until the
 * transaction ends, so that two concurrent requests cannot both take the last place.
 */
export async function queueExecution(
  transaction: Transaction,
  { environmentId, container, command, timeoutSeconds, requestedBy }: ExecutionRequest,
): Promise<{ readonly id: string } | { readonly refused: string }> {
  const { projectId, accountId, ...facts } = await lockFacts(transaction, environmentId);
  const refused = executionRefusal({ ...facts, container });
  if (refused !== null) return { refused };
  const id = newId('execution');
  await transaction.manager.insert(ExecutionEntity, {
    id,
    projectId,
    environmentId,
    requestedBy,
    container,
    command: [...command],
    timeoutSeconds,
    status: 'queued',
  });
  await recordEvent(transaction, {
    of: 'environment',
    subjectId: environmentId,
    type: 'execution',
    data: { from: null, to: 'queued', execution_id: id },
    cause: { actor: requestedBy, reason: 'requested' },
  });
  await recordAudit(transaction, {
    action: 'execution.create',
    subject: id,
    projectId,
    accountId,
    actor: requestedBy,
    after: {
      environment_id: environmentId,
      container,
      command: maskedCommand(command),
      timeout_seconds: timeoutSeconds,
    },
  });
  transaction.enqueue({ queue: 'lifecycle', name: 'run-execution', payload: { executionId: id } });
  return { id };
}

/**
 * Records the start of a command, right before it starts: a worker that finds it `running` never starts it again.
 *
 * @returns false when it must not start: it was cancelled or has started before, or the lease was lost
 */
export function beginExecution(
  transaction: Transaction,
  held: HeldExecution,
  deploymentId: string,
): Promise<boolean> {
  const set = 'deployment_id = :deploymentId, started_at = now()';
  return moveHeld(transaction, held, 'running', { set, parameters: { deploymentId }, cause: systemCause() });
}

/** Records the outcome of a command; false when it had already ended, or the lease was lost. */
export function finishExecution(
  transaction: Transaction,
  held: HeldExecution,
  outcome: ExecutionOutcome,
): Promise<boolean> {
  const set = `finished_at = now(), exit_code = :exitCode, failure_code = :code, failure_message = :message`;
  const exitCode = outcome.status === 'exited' ? outcome.exitCode : null;
  const failure = outcome.status === 'failed' ? outcome.failure : { code: null, message: null };
  const parameters = { exitCode, ...failure };
  return moveHeld(transaction, held, outcome.status, { set, parameters, cause: systemCause(failure.code) });
}

/**
 * Requests the cancellation of a command. A queued one is cancelled at once; a running one stays `running` until its
 * worker stops it within a second or two.
 *
 * @returns the current status: neither `running` nor `cancelled` when the command had already ended
 */
export async function cancelExecution(
  transaction: Transaction,
  id: string,
  cause: Cause,
): Promise<ExecutionStatus> {
  const { manager } = transaction;
  await lockEnvironmentOf(manager, 'executions', id);
  await auditCancellation(transaction, id, cause.actor);
  await changeStatus<ExecutionStatus>(transaction, EXECUTIONS, {
    to: 'cancelled',
    from: ['queued'],
    where: 'execution.id = :id',
    set: 'finished_at = now(), cancel_requested_at = coalesce(execution.cancel_requested_at, now())',
    parameters: { id },
    cause,
  });
  const [rows] = await manager.query<[{ status: ExecutionStatus }[], number]>(
    `UPDATE executions
     SET cancel_requested_at = coalesce(cancel_requested_at, CASE WHEN finished_at IS NULL THEN now() END)
     WHERE id = $1 RETURNING status`,
    [id],
  );
  const status = rows[0]?.status;
  if (status === undefined) throw new Error(`execution ${id} does not exist`);
  transaction.enqueue({ queue: 'lifecycle', name: 'run-execution', payload: { executionId: id } });
  return status;
}

/** Records the first request to cancel an unfinished command. */
async function auditCancellation(transaction: Transaction, id: string, actor: string): Promise<void> {
  const [row] = await transaction.manager.query<{ projectId: string; accountId: string; status: string }[]>(
    `SELECT project.id AS "projectId", project.account_id AS "accountId", execution.status
     FROM executions execution JOIN projects project ON project.id = execution.project_id
     WHERE execution.id = $1 AND execution.cancel_requested_at IS NULL AND execution.finished_at IS NULL`,
    [id],
  );
  if (row === undefined) return;
  const { status, ...owner } = row;
  await recordAudit(transaction, {
    action: 'execution.cancel',
    subject: id,
    actor,
    ...owner,
    before: { status },
    after: { cancel_requested: true },
  });
}

async function moveHeld(
  transaction: Transaction,
  { executionId, epoch }: HeldExecution,
  to: ExecutionStatus,
  change: { readonly set: string; readonly parameters: object; readonly cause: Cause },
): Promise<boolean> {
  await lockEnvironmentOf(transaction.manager, 'executions', executionId);
  const moved = await changeStatus(transaction, EXECUTIONS, {
    to,
    from: executionStatusesBefore(to),
    ...change,
    where: 'execution.id = :executionId AND execution.lease_epoch = :epoch',
    parameters: { ...change.parameters, executionId, epoch },
  });
  return moved.length > 0;
}

async function lockFacts({ manager }: Transaction, environmentId: string): Promise<FactsOfEnvironment> {
  await manager.query(
    `SELECT 1 FROM accounts WHERE id = (
       SELECT account_id FROM projects JOIN environments ON environments.project_id = projects.id
       WHERE environments.id = $1
     ) FOR NO KEY UPDATE`,
    [environmentId],
  );
  await manager.query('SELECT 1 FROM environments WHERE id = $1 FOR UPDATE', [environmentId]);
  const [row] = await manager.query<FactsOfEnvironment[]>(
    `SELECT environment.project_id AS "projectId", project.account_id AS "accountId", environment.status,
       environment.desired_state AS "desiredState",
       environment.database_generation > environment.observed_database_generation AS "isResetting",
       environment.live_deployment_id IS NOT NULL AS "hasLiveVersion",
       environment.live_deployment_id IS NULL AND EXISTS (
         SELECT 1 FROM deployments WHERE environment_id = environment.id AND ${HAS_FAILED_WITH_IMAGE}
       ) AS "hasFailedImage",
       ARRAY(SELECT one->>'name' FROM deployments version
             CROSS JOIN LATERAL jsonb_array_elements(version.spec->'containers') WITH ORDINALITY AS every (one, position)
             WHERE version.id = coalesce(environment.live_deployment_id, (
               SELECT id FROM deployments WHERE environment_id = environment.id AND ${HAS_FAILED_WITH_IMAGE}
               ORDER BY id DESC LIMIT 1))
             ORDER BY position) AS containers,
       (SELECT count(*)::integer FROM executions
        WHERE environment_id = environment.id AND settled_at IS NULL AND finished_at IS NULL) AS unfinished,
       (SELECT count(*)::integer FROM executions JOIN projects ON projects.id = executions.project_id
        WHERE projects.account_id = project.account_id AND settled_at IS NULL AND finished_at IS NULL)
         AS "unfinishedOfAccount"
     FROM environments environment JOIN projects project ON project.id = environment.project_id
     WHERE environment.id = $1`,
    [environmentId],
  );
  if (row === undefined) throw new Error(`environment ${environmentId} does not exist`);
  return row;
}
