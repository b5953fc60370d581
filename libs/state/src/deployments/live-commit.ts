import type { EntityManager } from 'typeorm';

/** A live deployment and its commit. */
export interface LiveCommit {
  readonly deploymentId: string;
  readonly sha: string;
}

/**
 * Returns the live commit of a deployment's environment, if the deployment is not worth a build when it changes nothing
 * that matters. Null when it is to be built in any case: it is no push, or a replayed one; nothing is live, or what is live does
 * not work; another version is about to go live; the live commit is the same or unknown; or a deployment in between was
 * requested by a user, failed or was cancelled.
 */
export async function liveCommitBefore(
  manager: EntityManager,
  deploymentId: string,
): Promise<LiveCommit | null> {
  const [row] = await manager.query<LiveCommit[]>(
    `SELECT live.id AS "deploymentId", live.commit_sha AS sha
     FROM deployments own
     JOIN environments environment ON environment.id = own.environment_id
     JOIN deployments live ON live.id = environment.live_deployment_id
     WHERE own.id = $1 AND own.trigger = 'push' AND own.commit_sha <> live.commit_sha
       AND environment.desired_deployment_id = live.id AND environment.failure_code IS NULL
       AND (SELECT reason FROM deployment_events WHERE deployment_id = own.id ORDER BY seq LIMIT 1) = 'push'
       AND NOT EXISTS (
         SELECT 1 FROM deployments other
         WHERE other.environment_id = own.environment_id AND other.id NOT IN (own.id, live.id)
           AND other.queued_at BETWEEN live.queued_at AND own.queued_at
           AND NOT (other.trigger = 'push' AND (other.status = 'superseded' OR other.skip_reason IS NOT NULL)))`,
    [deploymentId],
  );
  return row ?? null;
}
