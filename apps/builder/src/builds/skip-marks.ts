import { hasSkipMark, isForkBranch } from '@nexos/domain';
import { RepositoryMirror } from '@nexos/git';
import { DeploymentsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { BuildTask } from './build-task.js';

/** The message of the commit asks that its push is not deployed. */
export class SkipMarkError extends Error {
  constructor() {
    super('the commit message has a skip mark');
    this.name = 'SkipMarkError';
  }
}

/** Looks for skip marks in the messages of commits that no delivery told of, such as those of missed webhooks. */
@Injectable()
export class SkipMarks {
  constructor(
    private readonly mirror: RepositoryMirror,
    private readonly deployments: DeploymentsRepository,
  ) {}

  /**
   * Stores the message and the author of a commit that has none.
   *
   * @param sha the fetched commit
   * @throws {SkipMarkError}
   */
  async assertNone(
    { deployment, signal }: Pick<BuildTask, 'deployment' | 'signal'>,
    sha: string,
  ): Promise<void> {
    const { trigger, commitMessage, branch, projectId } = deployment;
    // An approval of a fork's commit is for exactly that commit.
    if (trigger !== 'push' || commitMessage !== null || isForkBranch(branch)) return;
    const text = await this.mirror.readCommitText({ projectId, sha, signal });
    if (text === null) return;
    // Not stored before: another builder would take it for a message that a delivery told of, if this one is killed.
    if (hasSkipMark(text.message)) throw new SkipMarkError();
    await this.deployments.setCommitText(deployment, text);
  }
}
