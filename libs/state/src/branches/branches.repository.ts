import { isNoCommit } from '@nexos/domain';
import { BranchEntity, ProjectEntity, PullRequestEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Branches of projects, as reported by pushes. */
@Injectable()
export class BranchesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns the head commit of a branch; null when it is unknown or the branch was deleted. */
  async headOf(projectId: string, name: string): Promise<string | null> {
    const branch = await this.unitOfWork.manager.findOneBy(BranchEntity, { projectId, name });
    return branch === null || isNoCommit(branch.headSha) ? null : branch.headSha;
  }

  /** Deletes the known heads of all branches of a project, and what its own webhook told about pull requests. */
  async forgetAll(projectId: string): Promise<void> {
    await this.unitOfWork.manager.delete(BranchEntity, { projectId });
    await this.unitOfWork.manager.delete(PullRequestEntity, { projectId });
    await this.unitOfWork.manager.update(ProjectEntity, projectId, { headsWhenPaused: null });
  }
}
