import type { DataSource } from 'typeorm';
import type { DeploymentEntity } from '../entities/deployment.entity.js';
import { runPrepared, type PreparedQuery } from '../prepared-query.js';

/** What a reader is shown of a deployment. */
export type ShownDeployment = Pick<
  DeploymentEntity,
  | 'id'
  | 'projectId'
  | 'environmentId'
  | 'trigger'
  | 'status'
  | 'branch'
  | 'commitSha'
  | 'commitMessage'
  | 'commitAuthor'
  | 'imageId'
  | 'failureCode'
  | 'failureMessage'
  | 'queuedAt'
  | 'startedAt'
  | 'builtAt'
  | 'liveAt'
  | 'finishedAt'
>;

/** With the host name that its URL is made of. */
type FoundDeployment = ShownDeployment & { readonly hostname: string };

const FIND: PreparedQuery = {
  name: 'find-deployment',
  text: `
    SELECT deployment.id, deployment.project_id AS "projectId", deployment.environment_id AS "environmentId",
      deployment.trigger, deployment.status, deployment.branch, deployment.commit_sha AS "commitSha",
      deployment.commit_message AS "commitMessage", deployment.commit_author AS "commitAuthor",
      deployment.image_id AS "imageId", deployment.failure_code AS "failureCode",
      deployment.failure_message AS "failureMessage", deployment.queued_at AS "queuedAt",
      deployment.started_at AS "startedAt", deployment.built_at AS "builtAt", deployment.live_at AS "liveAt",
      deployment.finished_at AS "finishedAt", environment.hostname
    FROM deployments deployment
    JOIN environments environment ON environment.id = deployment.environment_id
    JOIN projects project ON project.id = deployment.project_id
    WHERE deployment.id = $1 AND project.account_id = $2 AND project.status <> 'deleted'`,
};

/** A deployment of an account, in one question: it is what bots ask for all the time. Null for another account's. */
export async function findDeployment(
  dataSource: DataSource,
  accountId: string,
  id: string,
): Promise<FoundDeployment | null> {
  const [found] = await runPrepared<FoundDeployment>(dataSource, FIND, [id, accountId]);
  return found ?? null;
}
