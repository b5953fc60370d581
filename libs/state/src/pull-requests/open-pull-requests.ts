import { branchObstacle, type PullRequestFacts, type PullRequestObstacle } from '@nexos/domain';
import type { ProjectEntity } from '@nexos/database';
import type { EntityManager } from 'typeorm';

/** More than anybody opens for one branch. */
const MAX_PULL_REQUESTS = 100;

/**
 * Returns the open pull requests of a branch of the project's repository itself. One of a fork whose branch has the same name is
 * not among them. Those told through another project's own webhook are not either: its account can sign anything.
 *
 * @param repositoryId GitHub's id, if the project does not know it yet
 */
export function openPullRequestsOf(
  manager: EntityManager,
  project: Pick<ProjectEntity, 'id' | 'repositoryId'>,
  repositoryId: string | null,
  branch: string,
): Promise<PullRequestFacts[]> {
  return manager.query<PullRequestFacts[]>(
    `SELECT state, is_draft AS "isDraft", labels, is_own AS "isOwn", head_is_base AS "headIsBase"
     FROM pull_requests
     WHERE head_branch = $2 AND is_own AND state = 'open'
       AND (project_id = $3 OR (project_id = '' AND repository_id = $1))
     ORDER BY number DESC LIMIT $4`,
    [project.repositoryId ?? repositoryId, branch, project.id, MAX_PULL_REQUESTS],
  );
}

/** Returns why the project does not deploy a branch, by its rule about pull requests; null if it does. */
export async function ruleObstacle(
  manager: EntityManager,
  project: ProjectEntity,
  repositoryId: string | null,
  branch: string,
): Promise<PullRequestObstacle | null> {
  if (project.deployOn !== 'pull_request') return null;
  return branchObstacle(await openPullRequestsOf(manager, project, repositoryId, branch), ruleOf(project));
}

/** Returns which pull requests a project deploys. */
export function ruleOf({ pullRequestLabel, pullRequestDrafts }: ProjectEntity) {
  return { label: pullRequestLabel, drafts: pullRequestDrafts };
}
