import { GITHUB_ACTOR } from '@nexos/domain';
import { type ProjectEntity, type Transaction } from '@nexos/database';
import { recordAudit } from '../audit/record-audit.js';
import { recordEvent } from '../events/record-event.js';

/** What a delivery says about its repository. */
export interface DeliveredRepository {
  /** `owner/name` */
  readonly name: string;
  readonly id: string;
  /** The order of receipt of the delivery. */
  readonly seq: string;
  /** Whether the delivery is about a new name, which may differ from the former one in upper and lower case alone. */
  readonly isRename: boolean;
}

type FollowingProject = Pick<ProjectEntity, 'id' | 'githubRepo' | 'repositoryKey' | 'repositoryId'>;

/**
 * Has a project keep the id of its repository, and follow the repository to another name, unless a later delivery of the
 * project has been processed: that one knows the name better. Ignored events do not count as later deliveries. Call it
 * with the project locked.
 *
 * @returns whether the project's repository has this name now
 */
export async function followRepository(
  transaction: Transaction,
  project: FollowingProject,
  { name, id, seq, isRename }: DeliveredRepository,
): Promise<boolean> {
  const key = name.toLowerCase();
  if (project.repositoryKey === key) {
    const learn = 'UPDATE projects SET repository_id = $2 WHERE id = $1';
    if (project.repositoryId === null) await transaction.manager.query(learn, [project.id, id]);
    if (isRename && project.githubRepo !== name) {
      const spell = 'UPDATE projects SET github_repo = $2, updated_at = now() WHERE id = $1';
      await transaction.manager.query(spell, [project.id, name]);
      await recordName(transaction, project, name);
    }
    return true;
  }
  const [moved] = await transaction.manager.query<[{ id: string }[], number]>(
    `UPDATE projects SET repository_id = $2, github_repo = $3, repository_key = $4, updated_at = now(),
       predates_access_checks = ${isExemptAt('$4')}
     WHERE id = $1 AND NOT EXISTS (
       SELECT 1 FROM delivery_outcomes WHERE project_id = $1 AND delivery_seq > $5 AND reason IS DISTINCT FROM 'event')
     RETURNING id`,
    [project.id, id, name, key, seq],
  );
  if (moved.length === 0) return false;
  await recordName(transaction, project, name);
  return true;
}

/** Has a project follow its repository, which it knows by id, to the name that GitHub lists. Call it with the project locked. */
export async function followListedName(
  transaction: Transaction,
  project: FollowingProject,
  name: string,
): Promise<void> {
  const key = name.toLowerCase();
  if (project.repositoryKey === key) return;
  await transaction.manager.query(
    `UPDATE projects SET github_repo = $2, repository_key = $3, updated_at = now(), predates_access_checks = ${isExemptAt('$3')} WHERE id = $1`,
    [project.id, name, key],
  );
  await recordName(transaction, project, name);
}

/** A project that predates access checks may use the repository of its owner then, and not what another owner got. */
function isExemptAt(key: string): string {
  return `(predates_access_checks AND split_part(repository_key, '/', 1) = split_part(${key}::text, '/', 1))`;
}

/** Records the new name in the audit log, and as an event of each environment. */
async function recordName(
  transaction: Transaction,
  { id, githubRepo: from }: FollowingProject,
  to: string,
): Promise<void> {
  const [project] = await transaction.manager.query<{ accountId: string }[]>(
    'SELECT account_id AS "accountId" FROM projects WHERE id = $1',
    [id],
  );
  await recordAudit(transaction, {
    action: 'project.repository',
    ...{ subject: id, projectId: id, accountId: project?.accountId ?? null, actor: GITHUB_ACTOR },
    before: { github_repo: from },
    after: { github_repo: to },
  });
  const environments = await transaction.manager.query<{ id: string }[]>(
    `SELECT id FROM environments WHERE project_id = $1 AND status NOT IN ('destroying', 'destroyed') ORDER BY id`,
    [id],
  );
  for (const environment of environments) {
    await recordEvent(transaction, {
      of: 'environment',
      subjectId: environment.id,
      type: 'repository',
      data: { from, to },
      cause: { actor: GITHUB_ACTOR, reason: 'repository_renamed' },
    });
  }
}
