import { branchObstacle, type PullRequestFacts, type PullRequestObstacle } from '@nexos/domain';
import type { ProjectEntity } from '@nexos/database';
import type { EntityManager } from 'typeorm';

/** More than anybody opens for one branch. */
const MAX_PULL_REQUESTS = 100;

/**
 * Returns the open pull requests of a branch of the repository itself. One of a fork whose branch has the same name is not
 * among them.
 *
 * @param repositoryId GitHub's id
 */
export function openPullRequestsOf(
  manager: EntityManager,
  repositoryId: string,
  branch: string,
): Promise<PullRequestFacts[]> {
  return manager.query<PullRequestFacts[]>(
    `SELECT state, is_draft AS "isDraft", labels, true AS "isOwn", head_is_base AS "headIsBase"
     FROM pull_requests
     WHERE repository_id = $1 AND head_branch = $2 AND head_repository_id = $1 AND state = 'open'
     ORDER BY number DESC LIMIT $3`,
    [repositoryId, branch, MAX_PULL_REQUESTS],
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
  const open = repositoryId === null ? [] : await openPullRequestsOf(manager, repositoryId, branch);
  return branchObstacle(open, ruleOf(project));
}

/** Returns which pull requests a project deploys. */
export function ruleOf({ pullRequestLabel, pullRequestDrafts }: ProjectEntity) {
  return { label: pullRequestLabel, drafts: pullRequestDrafts };
}
