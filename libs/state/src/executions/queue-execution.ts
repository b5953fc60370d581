import { type ExecutionFacts, executionRefusal, newId } from '@nexos/domain';
import { ExecutionEntity, type Transaction } from '@nexos/database';

/** A command that somebody wants to have run. */
export interface WantedExecution {
  readonly environmentId: string;
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
  /** The id of the API key or session. */
  readonly requestedBy: string;
}

/**
 * Asks for a command to be run in an environment. Its row and its account's stay locked from the look at them until
 * the transaction ends, so that two requests at once do not both find the last place.
 */
export async function queueExecution(
  transaction: Transaction,
  { environmentId, command, timeoutSeconds, requestedBy }: WantedExecution,
): Promise<{ readonly id: string } | { readonly refused: string }> {
  const { projectId, ...facts } = await look(transaction, environmentId);
  const refused = executionRefusal(facts);
  if (refused !== null) return { refused };
  const id = newId('execution');
  await transaction.manager.insert(ExecutionEntity, {
    id,
    projectId,
    environmentId,
    requestedBy,
    command: [...command],
    timeoutSeconds,
    status: 'queued',
  });
  transaction.enqueue({ queue: 'lifecycle', name: 'run-execution', payload: { executionId: id } });
  return { id };
}

async function look(
  { manager }: Transaction,
  environmentId: string,
): Promise<ExecutionFacts & { projectId: string }> {
  await manager.query(
    `SELECT 1 FROM accounts WHERE id = (
       SELECT account_id FROM projects JOIN environments ON environments.project_id = projects.id
       WHERE environments.id = $1
     ) FOR NO KEY UPDATE`,
    [environmentId],
  );
  await manager.query('SELECT 1 FROM environments WHERE id = $1 FOR UPDATE', [environmentId]);
  const [row] = await manager.query<(ExecutionFacts & { projectId: string })[]>(
    `SELECT environment.project_id AS "projectId", environment.status,
       environment.desired_state AS "desiredState",
       environment.database_generation > environment.observed_database_generation AS "isResetting",
       environment.live_deployment_id IS NOT NULL AS "hasLiveVersion",
       (SELECT count(*)::integer FROM executions
        WHERE environment_id = environment.id AND settled_at IS NULL AND finished_at IS NULL) AS unfinished,
       (SELECT count(*)::integer FROM executions JOIN projects ON projects.id = executions.project_id
        WHERE projects.account_id = project.account_id AND settled_at IS NULL AND finished_at IS NULL)
         AS "unfinishedOfAccount"
     FROM environments environment JOIN projects project ON project.id = environment.project_id
     WHERE environment.id = $1`,
    [environmentId],
  );
  if (row === undefined) throw new Error(`there is no environment ${environmentId}`);
  return row;
}
