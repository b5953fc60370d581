import { type AuditAction, type Cause } from '@nexos/domain';
import { queryNamed, type Transaction } from '@nexos/database';
import type { ObjectLiteral } from 'typeorm';
import { originColumns } from '../audit/request-origin.js';

/** A table whose rows have a status, and the events that record status changes. */
export interface StatusTable {
  readonly table: 'deployments' | 'environments' | 'executions';
  /** The alias of a row in SQL. */
  readonly alias: 'deployment' | 'environment' | 'execution';
  readonly event: {
    readonly of: 'deployment' | 'environment';
    readonly type: string;
    /** The column with the id of the event's subject. */
    readonly subject: string;
    /** SQL: JSON details in addition to the two statuses, from the row after the change. */
    readonly data?: string;
  };
}

/** A move of rows to another status. Its SQL refers to the row by the table's alias. */
export interface StatusChange<Status extends string> {
  readonly to: Status;
  /** The statuses from which the state machine allows the move. */
  readonly from: readonly Status[];
  /** SQL: a further condition, such as a lease or an attempt. */
  readonly where: string;
  /** SQL: further columns to set. */
  readonly set?: string;
  /** Values of the `:name`s in `where` and `set`. */
  readonly parameters: ObjectLiteral;
  readonly cause: Cause;
  /** Details of the event in addition to the two statuses. */
  readonly data?: object;
}

/** A moved row. */
export interface Moved<Status extends string> {
  readonly id: string;
  /** The previous status. */
  readonly from: Status;
}

interface Result<Status extends string> {
  readonly moved: Moved<Status>[];
  readonly recorded: { readonly seq: string; readonly from: Status }[];
}

/**
 * Moves rows to another status: one statement locks them, compares and sets, and records an event and a line of the audit
 * log for each row whose status changed. If another transaction moved a row first, the row's new status counts.
 *
 * `seen` waits for such a transaction and then reads the row as that one left it. `moved` reads the same row as it
 * was when the statement began, so it must not compare the status again: it takes the rows that `seen` has locked, by
 * id.
 *
 * Call it with the environment locked. A row whose status was not in `from` when the statement began is not checked
 * again, and conditions of `where` on other rows must hold until the commit.
 */
export async function changeStatus<Status extends string>(
  transaction: Transaction,
  { table, alias, event }: StatusTable,
  change: StatusChange<Status>,
): Promise<Moved<Status>[]> {
  const [result] = await queryNamed<Result<Status>>(
    transaction.manager,
    `WITH seen AS MATERIALIZED (
       SELECT ${alias}.id, ${alias}.status FROM ${table} ${alias}
       WHERE ${alias}.status = ANY(:from) AND (${change.where})
       ORDER BY ${alias}.id FOR UPDATE
     ), moved AS (
       UPDATE ${table} AS ${alias} SET status = :to${change.set === undefined ? '' : `, ${change.set}`}
       FROM seen WHERE ${alias}.id = seen.id
       RETURNING ${alias}.*, seen.status AS was
     ), recorded AS (
       INSERT INTO ${event.of}_events (${event.of}_id, project_id, type, data, actor, reason)
       SELECT ${event.subject}, project_id, :type,
         jsonb_build_object('from', was, 'to', status) || ${event.data ?? `'{}'`} || :data::jsonb, :actor, :reason
       FROM moved WHERE was <> status ORDER BY id
       RETURNING seq, data->>'from' AS was
     ), audited AS (
       INSERT INTO audit_log (account_id, project_id, action, actor, actor_name, address, request_id, subject,
         before, after)
       SELECT project.account_id, project.id, :auditAction, :actor, :actorName, :address, :requestId, moved.id,
         jsonb_build_object('status', moved.was), jsonb_strip_nulls(
           :data::jsonb || jsonb_build_object('status', moved.status, 'reason', :reason::text))
       FROM moved JOIN projects project ON project.id = moved.project_id
       WHERE moved.was <> moved.status ORDER BY moved.id
     )
     SELECT
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'from', was) ORDER BY id), '[]') FROM moved) AS moved,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('seq', seq::text, 'from', was) ORDER BY seq), '[]')
        FROM recorded) AS recorded`,
    {
      ...change.parameters,
      from: change.from,
      to: change.to,
      type: event.type,
      data: JSON.stringify(change.data ?? {}),
      actor: change.cause.actor,
      reason: change.cause.reason,
      auditAction: `${alias}.status` satisfies AuditAction,
      ...originColumns(change.cause.actor),
    },
  );
  for (const { seq, from } of result?.recorded ?? []) {
    transaction.record({ of: event.of, seq, type: event.type, data: { from, to: change.to } });
  }
  return result?.moved ?? [];
}
