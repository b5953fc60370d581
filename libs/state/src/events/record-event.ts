import {
  auditActionOf,
  boundedRecord,
  type Cause,
  type DeploymentEventType,
  type EnvironmentEventType,
  type EventData,
} from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { originColumns } from '../audit/request-origin.js';

/** An event other than a move from one status to another. */
export type NewEvent = {
  readonly subjectId: string;
  readonly data: EventData;
  readonly cause: Cause;
} & (
  | { readonly of: 'deployment'; readonly type: DeploymentEventType }
  | { readonly of: 'environment'; readonly type: EnvironmentEventType }
);

/** Records an event, and its line of the audit log, in the transaction that makes it true. */
export async function recordEvent(transaction: Transaction, event: NewEvent): Promise<void> {
  const { of, subjectId, type, data, cause } = event;
  const { actorName, address, requestId } = originColumns(cause.actor);
  const { before, after } = auditedChange(event);
  const [row] = await transaction.manager.query<{ seq: string }[]>(
    `WITH recorded AS (
       INSERT INTO ${of}_events (${of}_id, project_id, type, data, actor, reason)
       SELECT id, project_id, $2, $3, $4, $5 FROM ${of}s WHERE id = $1 RETURNING seq, project_id
     ), audited AS (
       INSERT INTO audit_log (account_id, project_id, action, actor, actor_name, address, request_id, subject,
         before, after)
       SELECT project.account_id, project.id, $6::text, $4, $7, $8, $9, $1, $10, $11
       FROM recorded JOIN projects project ON project.id = recorded.project_id WHERE $6::text IS NOT NULL
     )
     SELECT seq FROM recorded`,
    [
      ...[subjectId, type, data, cause.actor, cause.reason, auditActionOf(event)],
      ...[actorName, address, requestId, before, after],
    ],
  );
  if (row === undefined) throw new Error(`${of} ${subjectId} does not exist`);
  transaction.record({ of, seq: row.seq, type, data });
}

/** Returns what the audit log shows of an event: details by their names, and the new status as `status`. */
function auditedChange({ type, data, cause }: NewEvent): { before: object | null; after: object } {
  const { from = null, to, ...details } = data;
  const name = type === 'status' ? 'status' : 'to';
  const after = { ...details, [name]: to, reason: cause.reason ?? undefined };
  return {
    before: from === null ? null : { [type === 'status' ? 'status' : 'from']: from },
    after: boundedRecord(after),
  };
}
