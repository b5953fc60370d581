import {
  type Cause,
  type DeploymentEventType,
  type EnvironmentEventType,
  type EventData,
} from '@nexos/domain';
import { type Transaction } from '@nexos/database';

/** An event other than a move from one status to another. */
export type NewEvent = {
  readonly subjectId: string;
  readonly data: EventData;
  readonly cause: Cause;
} & (
  | { readonly of: 'deployment'; readonly type: DeploymentEventType }
  | { readonly of: 'environment'; readonly type: EnvironmentEventType }
);

/** Records an event in the transaction that makes it true. */
export async function recordEvent(transaction: Transaction, event: NewEvent): Promise<void> {
  const { of, subjectId, type, data, cause } = event;
  const [row] = await transaction.manager.query<{ seq: string }[]>(
    `INSERT INTO ${of}_events (${of}_id, project_id, type, data, actor, reason)
     SELECT id, project_id, $2, $3, $4, $5 FROM ${of}s WHERE id = $1 RETURNING seq`,
    [subjectId, type, data, cause.actor, cause.reason],
  );
  if (row === undefined) throw new Error(`${of} ${subjectId} does not exist`);
  transaction.record({ of, seq: row.seq, type, data });
}
