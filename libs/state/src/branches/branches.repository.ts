import { BranchEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Of a branch that was deleted. */
const NO_HEAD = /^0+$/;

/** Branches of projects, as far as pushes have told of them. */
@Injectable()
export class BranchesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The commit that a branch leads to; null where that is not known, or the branch was deleted. */
  async headOf(projectId: string, name: string): Promise<string | null> {
    const branch = await this.unitOfWork.manager.findOneBy(BranchEntity, { projectId, name });
    return branch === null || NO_HEAD.test(branch.headSha) ? null : branch.headSha;
  }

  /** Forgets where all branches of a project stand. */
  async forgetAll(projectId: string): Promise<void> {
    await this.unitOfWork.manager.delete(BranchEntity, { projectId });
  }
}
