import { GITHUB_ACTOR } from '@nexos/domain';
import { type ProjectEntity, type Transaction } from '@nexos/database';
import { recordEvent } from '../events/record-event.js';

/** What a delivery says about its repository. */
export interface DeliveredRepository {
  /** `owner/name` */
  readonly name: string;
  readonly id: string;
  /** The order of receipt of the delivery. */
  readonly seq: string;
}

/**
 * Has a project keep the id of its repository, and follow the repository to another name, unless a later delivery of the
 * project has been processed: that one knows the name better. Ignored events do not count as later deliveries. Call it
 * with the project locked.
 *
 * @returns whether the project's repository has this name now
 */
export async function followRepository(
  transaction: Transaction,
  { id: projectId, githubRepo, repositoryId, repositoryKey }: ProjectEntity,
  { name, id, seq }: DeliveredRepository,
): Promise<boolean> {
  const key = name.toLowerCase();
  if (repositoryKey === key) {
    const learn = 'UPDATE projects SET repository_id = $2 WHERE id = $1';
    if (repositoryId === null) await transaction.manager.query(learn, [projectId, id]);
    return true;
  }
  const [moved] = await transaction.manager.query<[{ id: string }[], number]>(
    `UPDATE projects SET repository_id = $2, github_repo = $3, repository_key = $4, updated_at = now()
     WHERE id = $1 AND NOT EXISTS (
       SELECT 1 FROM delivery_outcomes WHERE project_id = $1 AND delivery_seq > $5 AND reason IS DISTINCT FROM 'event')
     RETURNING id`,
    [projectId, id, name, key, seq],
  );
  if (moved.length === 0) return false;
  const environments = await transaction.manager.query<{ id: string }[]>(
    `SELECT id FROM environments WHERE project_id = $1 AND status NOT IN ('destroying', 'destroyed') ORDER BY id`,
    [projectId],
  );
  for (const environment of environments) {
    await recordEvent(transaction, {
      of: 'environment',
      subjectId: environment.id,
      type: 'repository',
      data: { from: githubRepo, to: name },
      cause: { actor: GITHUB_ACTOR, reason: 'repository_renamed' },
    });
  }
  return true;
}
