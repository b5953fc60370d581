import {
  CONNECTION_REASONS,
  type Connection,
  connectionOf,
  type InstallationState,
  SYSTEM_ACTOR,
} from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import {
  askAboutRepository,
  type PausableProject,
  type PauseChange,
  pauseDeploys,
  resumeDeploys,
} from '../projects/pause-deploys.js';

/** Who or what settles projects, and what is known besides the tables. */
export interface SettleOptions {
  readonly actor?: string;
  /** Ids of repositories that an installation surely gives no access to any more. */
  readonly removed?: readonly string[];
}

/** The rule about the repositories that accounts may deploy. */
export interface ConnectionRule {
  /** Whether a project has an installation only if GitHub confirmed that its account may use the repository. */
  readonly requiresConnection: boolean;
}

interface Row extends PausableProject {
  readonly repositoryId: string | null;
  readonly installationId: string | null;
  readonly ownStatus: InstallationState | null;
  readonly isListed: boolean;
  readonly placeId: string | null;
  readonly placeStatus: InstallationState | null;
  readonly isAllowed: boolean;
}

/**
 * Whether the project may have the installation that its repository is in now: its own one, or another one of the same
 * owner, or one that its account has too. With `REPOSITORIES=any` every installation.
 */
const IS_ALLOWED = `place.installation_id = project.installation_id OR NOT $2 OR (
  project.access_checked_at IS NOT NULL AND project.repository_id IS NOT NULL
    AND (there.owner_id = own.owner_id OR there.owner_id = account.github_id OR account.is_operator OR EXISTS (
      SELECT 1 FROM account_installations link
      WHERE link.account_id = project.account_id AND link.installation_id = place.installation_id)))`;

/**
 * Has the projects follow their repositories to other installations, and pauses or resumes their deploys, by what is known
 * about installations and repositories now. Locks the projects, ordered by id. Changes nothing of a project that has no
 * installation, except that it is not paused for the lack of one.
 */
export async function settleConnections(
  transaction: Transaction,
  projectIds: readonly string[],
  rule: ConnectionRule,
  { actor = SYSTEM_ACTOR, removed = [] }: SettleOptions = {},
): Promise<PauseChange[]> {
  const changes: PauseChange[] = [];
  for (const row of await readRows(transaction.manager, projectIds, rule, true)) {
    const isListed = row.isListed || (row.repositoryId !== null && removed.includes(row.repositoryId));
    const change = await apply(transaction, row, connectionFor({ ...row, isListed }), actor);
    if (change !== null) changes.push(change);
  }
  return changes;
}

/** Returns those of the projects that `settleConnections` would change. Locks nothing. */
export async function findUnsettled(
  manager: EntityManager,
  projectIds: readonly string[],
  rule: ConnectionRule,
): Promise<string[]> {
  const rows = await readRows(manager, projectIds, rule, false);
  return rows.filter((row) => !isSettled(row, connectionFor(row))).map(({ id }) => id);
}

async function readRows(
  manager: EntityManager,
  projectIds: readonly string[],
  { requiresConnection }: ConnectionRule,
  isLocked: boolean,
): Promise<Row[]> {
  if (projectIds.length === 0) return [];
  return manager.query<Row[]>(
    `SELECT project.id, project.repository_key AS "repositoryKey", project.paused_reason AS "pausedReason",
       project.repository_id AS "repositoryId", project.installation_id AS "installationId",
       own.status AS "ownStatus", own.listed_at IS NOT NULL AS "isListed",
       place.installation_id AS "placeId", there.status AS "placeStatus", coalesce(${IS_ALLOWED}, false) AS "isAllowed"
     FROM projects project JOIN accounts account ON account.id = project.account_id
       LEFT JOIN github_installations own ON own.id = project.installation_id
       LEFT JOIN LATERAL (
         SELECT installation_id FROM github_repositories known
         WHERE known.id = project.repository_id
           OR (project.repository_id IS NULL AND known.name_key = project.repository_key)
         ORDER BY seen_at DESC LIMIT 1) place ON true
       LEFT JOIN github_installations there ON there.id = place.installation_id
     WHERE project.id = ANY($1) AND project.status = 'active'
     ORDER BY project.id ${isLocked ? 'FOR NO KEY UPDATE OF project' : ''}`,
    [projectIds, requiresConnection],
  );
}

function connectionFor(row: Row): Connection {
  const { ownStatus, isListed, placeId, placeStatus, isAllowed, repositoryId } = row;
  return connectionOf({
    installation: ownStatus === null ? null : { status: ownStatus, isListed },
    isRepositoryKnown: repositoryId !== null,
    repository:
      placeId === null || placeStatus === null
        ? null
        : { installationId: placeId, status: placeStatus, isAllowed },
  });
}

function isPausedForConnection({ pausedReason }: Row): boolean {
  return CONNECTION_REASONS.some((reason) => reason === pausedReason);
}

function isSettled(row: Row, connection: Connection): boolean {
  if (row.installationId === null) return !isPausedForConnection(row);
  if (connection.kind === 'unknown') return true;
  if (connection.kind === 'paused') return row.pausedReason === connection.reason;
  return row.installationId === connection.installationId && !isPausedForConnection(row);
}

async function apply(
  transaction: Transaction,
  row: Row,
  connection: Connection,
  actor: string,
): Promise<PauseChange | null> {
  if (isSettled(row, connection)) return null;
  if (connection.kind === 'paused' && row.installationId !== null) {
    return pauseDeploys(transaction, row, connection.reason, actor);
  }
  const isMoved = connection.kind === 'connected' && row.installationId !== null;
  if (isMoved) {
    await transaction.manager.query('UPDATE projects SET installation_id = $2 WHERE id = $1', [
      row.id,
      connection.installationId,
    ]);
  }
  if (isPausedForConnection(row)) return resumeDeploys(transaction, row, actor);
  // Access to it may have changed, or webhooks may have been missed.
  await askAboutRepository(transaction, row);
  return null;
}
