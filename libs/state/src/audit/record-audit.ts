import { type AuditAction, boundedRecord, SYSTEM_ACTOR } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { originColumns, requestOrigin } from './request-origin.js';

/** A line of the audit log to write. */
export interface AuditEntry {
  readonly action: AuditAction;
  /** The id of what changed. */
  readonly subject: string | null;
  readonly projectId?: string | null;
  /** Whose log it is part of; by default that of the caller. */
  readonly accountId?: string | null;
  /** By default the caller's API key or session, or `system` outside of requests. */
  readonly actor?: string;
  /** The subject before and after the change, without any secret. Long texts and lists are cut. */
  readonly before?: object | null;
  readonly after?: object | null;
}

/**
 * Writes a line of the audit log in the transaction that makes the change.
 *
 * @throws {Error} when the route of the request does not declare the action, so that its change is rolled back
 */
export async function recordAudit(
  { manager }: Pick<Transaction, 'manager'>,
  entry: AuditEntry,
): Promise<void> {
  const { action, subject, projectId = null, before = null, after = null } = entry;
  const origin = requestOrigin();
  if (origin !== undefined && !origin.writes.includes(action)) {
    throw new Error(`the route does not declare that it writes ${action}`);
  }
  const actor = entry.actor ?? origin?.caller?.credentialId ?? SYSTEM_ACTOR;
  const accountId = entry.accountId === undefined ? (origin?.caller?.accountId ?? null) : entry.accountId;
  const { actorName, address, requestId } = originColumns(actor);
  await manager.query(
    `INSERT INTO audit_log (account_id, project_id, action, actor, actor_name, address, request_id, subject, before,
       after)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[accountId, projectId, action, actor, actorName, address, requestId, subject],
      ...[before && boundedRecord(before), after && boundedRecord(after)],
    ],
  );
}
