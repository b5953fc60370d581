import { IngressConfig } from '@nexos/config';
import { BranchEntity, ProjectEntity, UnitOfWork } from '@nexos/database';
import { settleDoubt } from '@nexos/state';
import { InstallationTokens } from '@nexos/github';
import { RemoteBranches } from '@nexos/git';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not } from 'typeorm';

/** Asks the remote where a branch stands, when its pushes do not tell, and follows it. */
@Injectable()
@HandlesJob('branches', 'follow-branch')
export class FollowBranchHandler implements JobHandler<'branches', 'follow-branch'> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly remote: RemoteBranches,
    private readonly tokens: InstallationTokens,
    private readonly ingress: IngressConfig,
  ) {}

  async handle({ branchId }: { branchId: string }, signal: AbortSignal): Promise<void> {
    const { manager } = this.dataSource;
    const branch = await manager.findOneBy(BranchEntity, { id: branchId, inDoubtSince: Not(IsNull()) });
    if (branch === null) return;
    const project = await manager.findOneByOrFail(ProjectEntity, { id: branch.projectId });
    const installation = project.installationId === null ? undefined : Number(project.installationId);
    const tips = await this.remote.tipsOf({
      repository: project.githubRepo,
      branches: [branch.name],
      token: await this.tokens.tokenFor(project.githubRepo, installation),
      signal,
    });
    await this.unitOfWork.run(async (transaction) => {
      const seen = { askedAt: branch.headSha, tip: tips.get(branch.name) ?? null };
      if (await settleDoubt(transaction, project, branch, seen, this.ingress.baseDomain)) return;
      transaction.enqueue({ queue: 'branches', name: 'follow-branch', payload: { branchId } });
    });
  }
}
