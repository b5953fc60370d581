import { type Job } from '@nexos/contracts';
import type { EntityManager } from 'typeorm';

export interface OutboxRow {
  readonly id: string;
  readonly job: Job;
  readonly delayMs: number;
}

/** A row as Postgres returns it. */
export interface RawOutboxRow {
  id: string;
  queue: string;
  name: string;
  payload: object;
  delay_ms: number;
}

export function fromRawOutboxRow(row: RawOutboxRow): OutboxRow {
  return {
    id: row.id,
    job: { queue: row.queue, name: row.name, payload: row.payload } as Job,
    delayMs: row.delay_ms,
  };
}

/** Inserts jobs in the current transaction. */
export async function insertOutboxRows(
  manager: EntityManager,
  jobs: readonly { job: Job; delayMs: number }[],
): Promise<OutboxRow[]> {
  if (jobs.length === 0) return [];
  const rows = await manager.query<RawOutboxRow[]>(
    `INSERT INTO outbox (queue, name, payload, delay_ms)
     SELECT queue, name, payload, delay_ms
     FROM jsonb_to_recordset($1) AS job (queue text, name text, payload jsonb, delay_ms integer)
     RETURNING id, queue, name, payload, delay_ms`,
    [JSON.stringify(jobs.map(({ job, delayMs }) => ({ ...job, delay_ms: delayMs })))],
  );
  return rows.map(fromRawOutboxRow);
}

/** Deletes jobs that have been enqueued. */
export async function deleteOutboxRows(manager: EntityManager, ids: readonly string[]): Promise<void> {
  await manager.query('DELETE FROM outbox WHERE id = ANY($1)', [ids]);
}

/**
 * Selects the oldest jobs that their writer has not enqueued. They stay locked until the transaction ends, so that two
 * processes do not select the same ones.
 *
 * @param known `queue/name` of the jobs that this version knows; jobs of a newer version are left to it
 * @param olderThanMs skips younger jobs, which their writer is probably still enqueuing
 */
export async function lockStaleOutboxRows(
  manager: EntityManager,
  olderThanMs: number,
  limit: number,
  known: readonly string[],
): Promise<OutboxRow[]> {
  const rows = await manager.query<RawOutboxRow[]>(
    `SELECT id, queue, name, payload, delay_ms FROM outbox
     WHERE created_at <= now() - make_interval(secs => $1 / 1000.0) AND queue || '/' || name = ANY($3)
     ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [olderThanMs, limit, known],
  );
  return rows.map(fromRawOutboxRow);
}
