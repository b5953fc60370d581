import type { PreparedQuery, RawOutboxRow } from '@nexos/database';

/** A delivery as received. */
export interface NewDelivery {
  readonly id: string;
  readonly event: string;
  /** `owner/name`; null when the event names no repository. */
  readonly repository: string | null;
  /** What its processing waits for, in place of the repository; null for the repository. */
  readonly key?: string | null;
  /** The project whose own webhook it came through; null for the webhook of the installation. */
  readonly projectId: string | null;
  readonly branch: string | null;
  readonly commitSha: string | null;
  /** Why it is ignored at once; null when it has to be processed. */
  readonly ignoredReason: 'event' | 'other_repository' | null;
  /** The signed JSON, compressed with gzip; null when it is ignored at once. */
  readonly body: Buffer | null;
  /** The address of its sender, and the request's id, for the audit log. */
  readonly address?: string | null;
  readonly requestId?: string | null;
}

/** The one row that `ACCEPT_DELIVERIES` returns. */
export interface Accepted {
  readonly ids: readonly string[] | null;
  readonly jobs: readonly RawOutboxRow[] | null;
}

/** Characters that the audit log keeps of a text that the sender chose. */
const MAX_TEXT = 300;

/**
 * Inserts deliveries and the jobs that process them, in one statement and so in one transaction. A delivery with a
 * known id changes nothing, unless it has failed: then it waits again, in its old position. A delivery that is ignored is
 * recorded so at once.
 */
export const ACCEPT_DELIVERIES: PreparedQuery = {
  name: 'accept-deliveries',
  text: `
    WITH given AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
          $8::text[], $9::bytea[], $10::text[], $11::text[])
        WITH ORDINALITY AS delivery (id, event, repository, repository_key, project_id, branch, commit_sha, reason, body,
          address, request_id, at)
    ), first AS (
      SELECT DISTINCT ON (id) * FROM given ORDER BY id, at
    ), delivery AS (
      INSERT INTO webhook_deliveries AS known (id, event, repository, repository_key, project_id, branch,
        commit_sha, body, outcome, reason, processed_at)
      SELECT id, event, repository, repository_key, project_id, branch, commit_sha, body,
        CASE WHEN reason IS NULL THEN 'accepted' ELSE 'ignored' END,
        reason,
        CASE WHEN reason IS NOT NULL THEN now() END
      FROM first ORDER BY at
      ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason,
        body = excluded.body, error = NULL, attempts = 0, retry_at = NULL, processed_at = excluded.processed_at,
        forced = false, replayed_at = NULL, replayed_by = NULL
      WHERE known.outcome = 'failed' AND known.project_id IS NOT DISTINCT FROM excluded.project_id
      RETURNING id, seq, repository_key, project_id, outcome, reason
    ), forgotten AS (
      DELETE FROM delivery_outcomes result USING delivery WHERE result.delivery_seq = delivery.seq
    ), ignored AS (
      INSERT INTO delivery_outcomes (project_id, delivery_seq, outcome, reason)
      SELECT project.id, delivery.seq, delivery.outcome, delivery.reason
      FROM delivery JOIN projects project ON project.id = delivery.project_id
        OR (delivery.project_id IS NULL AND project.repository_key = delivery.repository_key)
      WHERE delivery.outcome = 'ignored' AND project.status = 'active'
    ), audited AS (
      INSERT INTO audit_log (account_id, project_id, action, actor, address, request_id, subject, after)
      SELECT project.account_id, project.id, 'delivery.receive', 'github', first.address, first.request_id, first.id,
        jsonb_strip_nulls(jsonb_build_object('event', left(first.event, ${MAX_TEXT}), 'repository', left(first.repository, ${MAX_TEXT}),
          'branch', left(first.branch, ${MAX_TEXT}), 'commit_sha', left(first.commit_sha, ${MAX_TEXT}), 'outcome', delivery.outcome,
          'reason', delivery.reason))
      FROM delivery JOIN first ON first.id = delivery.id
      LEFT JOIN projects project ON project.id = delivery.project_id ORDER BY delivery.seq
    ), job AS (
      INSERT INTO outbox (queue, name, payload)
      SELECT DISTINCT 'deliveries', 'process-deliveries', jsonb_build_object('repository', repository_key)
      FROM delivery WHERE outcome = 'accepted'
      RETURNING id, queue, name, payload, delay_ms
    )
    SELECT (SELECT array_agg(id) FROM delivery) AS ids,
      (SELECT jsonb_agg(jsonb_build_object('id', id::text, 'queue', queue, 'name', name, 'payload', payload,
         'delay_ms', delay_ms)) FROM job) AS jobs`,
};

/** Returns the parameters of `ACCEPT_DELIVERIES`. */
export function acceptParameters(deliveries: readonly NewDelivery[]): readonly unknown[] {
  return [
    deliveries.map(({ id }) => id),
    deliveries.map(({ event }) => event),
    deliveries.map(({ repository }) => repository),
    deliveries.map(({ repository, key }) => key ?? repository?.toLowerCase() ?? null),
    deliveries.map(({ projectId }) => projectId),
    deliveries.map(({ branch }) => branch),
    deliveries.map(({ commitSha }) => commitSha),
    deliveries.map(({ ignoredReason }) => ignoredReason),
    deliveries.map(({ body }) => body),
    deliveries.map(({ address }) => address ?? null),
    deliveries.map(({ requestId }) => requestId ?? null),
  ];
}
