import { type DeploymentEntity, type PreparedQuery, runPrepared } from '@nexos/database';
import type { DataSource } from 'typeorm';

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
export type FoundDeployment = ShownDeployment & { readonly hostname: string };

/** A deployment, if it is that account's. */
export interface WantedDeployment {
  readonly accountId: string;
  readonly id: string;
}

const FIND: PreparedQuery = {
  name: 'find-deployments',
  text: `
    SELECT deployment.id, deployment.project_id AS "projectId", deployment.environment_id AS "environmentId",
      deployment.trigger, deployment.status, deployment.branch, deployment.commit_sha AS "commitSha",
      deployment.commit_message AS "commitMessage", deployment.commit_author AS "commitAuthor",
      deployment.image_id AS "imageId", deployment.failure_code AS "failureCode",
      deployment.failure_message AS "failureMessage", deployment.queued_at AS "queuedAt",
      deployment.started_at AS "startedAt", deployment.built_at AS "builtAt", deployment.live_at AS "liveAt",
      deployment.finished_at AS "finishedAt", environment.hostname, project.account_id AS "accountId"
    FROM deployments deployment
    JOIN environments environment ON environment.id = deployment.environment_id
    JOIN projects project ON project.id = deployment.project_id
    WHERE deployment.id = ANY($1) AND project.account_id = ANY($2) AND project.status <> 'deleted'`,
};

/**
 * Deployments of accounts, in one question: they are what bots ask for all the time. In the order in which they are
 * wanted; null for another account's.
 */
export async function findDeployments(
  dataSource: DataSource,
  wanted: readonly WantedDeployment[],
): Promise<(FoundDeployment | null)[]> {
  const ids = [...new Set(wanted.map(({ id }) => id))];
  const accountIds = [...new Set(wanted.map(({ accountId }) => accountId))];
  const rows = await runPrepared<FoundDeployment & { accountId: string }>(dataSource, FIND, [
    ids,
    accountIds,
  ]);
  const found = new Map(rows.map((row) => [row.id, row]));
  return wanted.map(({ accountId, id }) => {
    const row = found.get(id);
    return row?.accountId === accountId ? row : null;
  });
}
