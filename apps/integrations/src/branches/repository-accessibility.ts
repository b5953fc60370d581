import { type ProjectEntity, type Transaction, UnitOfWork } from '@nexos/database';
import type { DeploymentFailure } from '@nexos/domain';
import { pauseDenied, resumeAccessible } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { PauseLog } from '../installations/pause-log.js';

/** Failures in a row after which a repository that denies access is taken for inaccessible. */
const DENIALS = 2;
const UNAUTHORIZED = 401;

/** Pauses the projects of repositories that deny access, and resumes them when that is over. */
@Injectable()
export class RepositoryAccessibility {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly log: PauseLog,
  ) {}

  /** @param failures how often in a row asking the repository has failed */
  async denied(project: ProjectEntity, failure: DeploymentFailure, failures: number): Promise<void> {
    // A host that does not answer says nothing about the repository, nor does one that rejects the App itself.
    const isDenied = failure.code === 'repository_access_denied' && statusOf(failure.cause) !== UNAUTHORIZED;
    if (!isDenied || failures < DENIALS) return;
    this.log.tell(await this.unitOfWork.run((transaction) => pauseDenied(transaction, project)));
  }

  /** @param isConfirmed whether only projects that GitHub confirmed had the access, or only the others; null: all */
  async regained(project: ProjectEntity, isConfirmed: boolean | null = null): Promise<void> {
    const resume = (transaction: Transaction) => resumeAccessible(transaction, project, isConfirmed);
    this.log.tell(await this.unitOfWork.run(resume));
  }
}

function statusOf(error: unknown): unknown {
  const { status } = Object(error) as { status?: unknown };
  return status;
}
