import { isNoCommit } from '@nexos/domain';
import { BranchEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Branches of projects, as pushes reported them. */
@Injectable()
export class BranchesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The commit that a branch leads to; null where that is not known, or the branch was deleted. */
  async headOf(projectId: string, name: string): Promise<string | null> {
    const branch = await this.unitOfWork.manager.findOneBy(BranchEntity, { projectId, name });
    return branch === null || isNoCommit(branch.headSha) ? null : branch.headSha;
  }

  /** Forgets where all branches of a project stand. */
  async forgetAll(projectId: string): Promise<void> {
    await this.unitOfWork.manager.delete(BranchEntity, { projectId });
  }
}
