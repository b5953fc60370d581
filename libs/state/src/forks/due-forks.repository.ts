import { forkPullRequest, githubActor } from '@nexos/domain';
import { ProjectEntity, type Transaction, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { deployFork, type ForkCommit, knownPullRequest } from './deploy-fork.js';

/** Approved commits of forks that a pause of their project kept from being deployed. */
@Injectable()
export class DueForksRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Finds projects that are not paused and have such commits. */
  async findDue(limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT DISTINCT project.id FROM branches branch JOIN projects project ON project.id = branch.project_id
       WHERE branch.deploy_due AND branch.name LIKE 'pull:%' AND project.status = 'active'
         AND project.paused_reason IS NULL AND project.repository_id IS NOT NULL
       ORDER BY project.id LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Deploys those commits of a project that are still approved, and still the newest of an open pull request. None is
   * due after that.
   *
   * @returns the ids of the deployments
   */
  deploy(projectId: string, baseDomain: string): Promise<string[]> {
    return this.unitOfWork.run(async (transaction) => {
      const { manager } = transaction;
      const project = await manager.findOne(ProjectEntity, {
        where: { id: projectId, status: 'active' },
        lock: { mode: 'for_no_key_update' },
      });
      if (project?.pausedReason !== null || project.repositoryId === null) return [];
      const { repositoryId } = project;
      const [due] = await manager.query<[{ name: string }[], number]>(
        `UPDATE branches SET deploy_due = false WHERE project_id = $1 AND deploy_due AND name LIKE 'pull:%' RETURNING name`,
        [projectId],
      );
      const deployed: string[] = [];
      for (const { name } of due) {
        const number = forkPullRequest(name);
        if (number === null) continue;
        const known = await knownPullRequest(transaction, { repositoryId, number });
        if (known?.headSha == null) continue;
        const commit = { repositoryId, number, sha: known.headSha };
        const actor = githubActor(await reviewerOf(transaction, commit));
        const request = { trigger: 'push', cause: { actor, reason: 'pull_request_approved' } } as const;
        const { deploymentId } = await deployFork(transaction, project, commit, request, baseDomain);
        if (deploymentId !== null) deployed.push(deploymentId);
      }
      return deployed;
    });
  }
}

/** Returns the login of who approved the commit last; null when nobody has. */
async function reviewerOf(
  { manager }: Transaction,
  { repositoryId, number, sha }: ForkCommit,
): Promise<string | null> {
  const [row] = await manager.query<{ login: string }[]>(
    `SELECT reviewer_login AS login FROM fork_approvals
     WHERE repository_id = $1 AND number = $2 AND commit_sha = $3 AND status = 'granted'
     ORDER BY review_id DESC LIMIT 1`,
    [repositoryId, number, sha],
  );
  return row?.login ?? null;
}
