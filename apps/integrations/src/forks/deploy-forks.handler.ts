import { IngressConfig } from '@nexos/config';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { DueForksRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** Deploys the approved commits of forks that a pause kept from being deployed, once the pause is over. */
@Injectable()
@HandlesJob('branches', 'deploy-forks')
export class DeployForksHandler implements JobHandler<'branches', 'deploy-forks'> {
  private readonly logger = new Logger(DeployForksHandler.name);

  constructor(
    private readonly forks: DueForksRepository,
    private readonly ingress: IngressConfig,
  ) {}

  async handle({ projectId }: { projectId: string }): Promise<void> {
    const deployed = await this.forks.deploy(projectId, this.ingress.baseDomain);
    if (deployed.length === 0) return;
    this.logger.log(`deploying ${deployed.length} commit(s) of forks of ${projectId}, which was paused`);
  }
}
