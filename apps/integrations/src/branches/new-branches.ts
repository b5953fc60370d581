import type { RemoteHeads } from '@nexos/domain';
import { NewBranchesRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { BranchLookup } from './branch-lookup.js';

/**
 * After a pause, deploys branches that appeared meanwhile, since GitHub sends nothing through an installation that is suspended
 * or removed. A branch is new if neither the last check before the pause listed it nor a push has told it.
 */
@Injectable()
export class NewBranches {
  private readonly logger = new Logger(NewBranches.name);

  constructor(
    private readonly branches: NewBranchesRepository,
    private readonly lookup: BranchLookup,
  ) {}

  /**
   * Returns whether a pause of one of the repository's projects has ended since the last look.
   *
   * @param isConfirmed whether only projects that GitHub confirmed count, or only the others; null: all
   */
  async isDue(repository: string, isConfirmed: boolean | null): Promise<boolean> {
    return (await this.branches.resumed(repository, isConfirmed)).length > 0;
  }

  /**
   * If it fails halfway, branches stay in doubt, which are looked up later.
   *
   * @param isConfirmed as for `isDue`
   */
  async find(repository: string, { tips }: RemoteHeads, isConfirmed: boolean | null): Promise<void> {
    // An empty list says nothing.
    if (tips.size === 0) return;
    for (const { id, headsWhenPaused } of await this.branches.resumed(repository, isConfirmed)) {
      const former = new Set(headsWhenPaused);
      const appeared = [...tips.keys()].filter((name) => !former.has(name));
      const doubted = await this.branches.putInDoubt(id, appeared);
      for (const branch of doubted) {
        this.logger.log(`the branch ${branch.name} of ${id} appeared while its deploys were paused`);
        await this.lookup.settle({ branch, project: { id } }, tips.get(branch.name) ?? null);
      }
    }
  }
}
