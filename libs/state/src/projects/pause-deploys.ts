import type { Cause, PauseReason } from '@nexos/domain';
import { type ProjectEntity, type Transaction } from '@nexos/database';
import { askAboutBranches } from '../branches/ask-for-head.js';
import { CHECK_SOON } from '../branches/check-soon.js';
import { recordAudit } from '../audit/record-audit.js';
import { recordEvent } from '../events/record-event.js';

/**
 * SQL: how old a list of branches may be at a pause. Resuming deploys those that are not in it. Twice the longest time between two
 * checks.
 */
const BEFORE_PAUSE = `interval '2 days'`;

/** The part of a project that pausing and resuming need. */
export type PausableProject = Pick<ProjectEntity, 'id' | 'repositoryKey' | 'pausedReason'>;

interface Owned {
  readonly accountId: string;
}

/** A project whose deploys were paused or resumed, or are paused for another reason. */
export interface PauseChange {
  readonly projectId: string;
  readonly from: PauseReason | null;
  readonly to: PauseReason | null;
}

/**
 * Pauses the deploys of a project, or changes the reason. Destroys nothing. Call it with the project locked and active.
 *
 * @returns null when they are paused for this reason already
 */
export async function pauseDeploys(
  transaction: Transaction,
  { id, pausedReason: from }: PausableProject,
  to: PauseReason,
  actor: string,
): Promise<PauseChange | null> {
  if (from === to) return null;
  const [[paused]] = await transaction.manager.query<[Owned[], number]>(
    `UPDATE projects SET paused_reason = $2, paused_at = coalesce(paused_at, now()), updated_at = now(),
       heads_when_paused = CASE WHEN paused_reason IS NOT NULL THEN heads_when_paused ELSE coalesce(heads_when_paused,
         (SELECT heads FROM branch_lookups lookup WHERE lookup.repository_key = projects.repository_key
            AND lookup.heads_at >= projects.created_at AND lookup.heads_at > now() - ${BEFORE_PAUSE})) END
     WHERE id = $1 RETURNING account_id AS "accountId"`,
    [id, to],
  );
  await recordAudit(transaction, {
    action: 'project.deploys_paused',
    ...{ subject: id, projectId: id, accountId: paused?.accountId ?? null, actor },
    before: { deploys_paused: from },
    after: { deploys_paused: to },
  });
  await recordPauseEvents(transaction, id, 'deploys_paused', { from, to }, { actor, reason: to });
  return { projectId: id, from, to };
}

/**
 * Resumes the deploys of a project, and has the Git host asked at once: about the branches whose pushes were skipped, and
 * about those that have an environment or are new, since webhooks may have been missed. Commits of forks that were approved are deployed
 * without asking. Call it with the project locked and active.
 *
 * @returns null when they are not paused
 */
export async function resumeDeploys(
  transaction: Transaction,
  project: PausableProject,
  actor: string,
): Promise<PauseChange | null> {
  const { id, pausedReason: from } = project;
  if (from === null) return null;
  const [[resumed]] = await transaction.manager.query<[Owned[], number]>(
    `UPDATE projects SET paused_reason = NULL, paused_at = NULL, updated_at = now()
     WHERE id = $1 RETURNING account_id AS "accountId"`,
    [id],
  );
  await recordAudit(transaction, {
    action: 'project.deploys_resumed',
    ...{ subject: id, projectId: id, accountId: resumed?.accountId ?? null, actor },
    before: { deploys_paused: from },
    after: { deploys_paused: null },
  });
  await transaction.manager.query(
    `UPDATE branches SET in_doubt_since = coalesce(in_doubt_since, now())
     WHERE project_id = $1 AND deploy_due AND name NOT LIKE 'pull:%'`,
    [id],
  );
  transaction.enqueue({ queue: 'branches', name: 'deploy-forks', payload: { projectId: id } });
  await askAboutRepository(transaction, project);
  await recordPauseEvents(transaction, id, 'deploys_resumed', { from }, { actor, reason: null });
  return { projectId: id, from, to: null };
}

/** Has the Git host asked at once about the branches of a project's repository, whatever it answered before. */
export async function askAboutRepository(
  transaction: Transaction,
  { repositoryKey }: Pick<ProjectEntity, 'repositoryKey'>,
): Promise<void> {
  // A check that loses its turn to a lookup is due again at the next sweep.
  await transaction.manager.query(
    `INSERT INTO branch_lookups (repository_key, checked_at) VALUES ($1, to_timestamp(0))
     ON CONFLICT (repository_key) DO UPDATE SET failures = 0, not_before = NULL, checked_at = ${CHECK_SOON}`,
    [repositoryKey],
  );
  askAboutBranches(transaction, { repositoryKey });
  const payload = { repository: repositoryKey };
  transaction.enqueue({ queue: 'branches', name: 'check-branches', payload });
}

async function recordPauseEvents(
  transaction: Transaction,
  projectId: string,
  type: 'deploys_paused' | 'deploys_resumed',
  data: { from: PauseReason | null; to?: PauseReason },
  cause: Cause,
): Promise<void> {
  const environments = await transaction.manager.query<{ id: string }[]>(
    `SELECT id FROM environments WHERE project_id = $1 AND status NOT IN ('destroying', 'destroyed') ORDER BY id`,
    [projectId],
  );
  for (const { id: subjectId } of environments) {
    await recordEvent(transaction, { of: 'environment', subjectId, type, data, cause });
  }
}
