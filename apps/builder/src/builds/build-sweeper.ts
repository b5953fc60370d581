import { BuildLog, Redactor } from '@nexos/logs';
import { BuilderConfig, WorkerConfig } from '@nexos/config';
import { BuildClaims, failBuild, supersedeBuild } from '@nexos/state';
import { UnitOfWork } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/** Every few seconds: finds builds that the queue, or their builder, has lost, and has them taken up again. */
@Injectable()
export class BuildSweeper extends PeriodicTask {
  private readonly logger = new Logger(BuildSweeper.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly claims: BuildClaims,
    private readonly queues: JobQueues,
    private readonly buildLog: BuildLog,
    private readonly builder: BuilderConfig,
    private readonly config: WorkerConfig,
  ) {
    super('build sweep', config.sweepMs);
  }

  protected async takeTurn(): Promise<void> {
    await this.failLostBuilds();
    await this.remindOfIdleBuilds();
  }

  private async failLostBuilds(): Promise<void> {
    for (const { id, environmentId, attempt } of await this.claims.findLost()) {
      const failure = new DeploymentFailure(
        'builder_lost',
        'The builder died while building, and so did the one that tried again. Deploy again; if that does not help, look at what the build needs of memory, or tell the operator.',
      );
      const log = await this.buildLog.open(id, new Redactor([]), this.builder.logLimit);
      const build = { deploymentId: id, environmentId, attempt };
      let isSaid = false;
      let isKept = false;
      try {
        const isLost = await this.unitOfWork.run(async (transaction) => {
          const hasFailed = await failBuild(transaction, build, failure, { leaseIsOver: true });
          // The log has the line already when the transaction is run again.
          if (hasFailed && !isSaid) log.say(`failed: ${failure.message} (${failure.code})`);
          isSaid ||= hasFailed;
          await log.archive();
          return hasFailed;
        });
        isKept = true;
        if (isLost) this.logger.warn(`build ${id} lost its builder for the last time`);
      } finally {
        await log.close(isKept);
      }
    }
  }

  private async remindOfIdleBuilds(): Promise<void> {
    const idle = await this.claims.findIdle(this.config.sweepMs);
    for (const { environmentId, status } of idle) {
      if (status !== 'building') continue;
      await this.unitOfWork.run((transaction) => supersedeBuild(transaction, environmentId, 0));
    }
    await this.queues.remind(
      idle.map(({ id, attempt }) => ({
        job: { queue: 'build', name: 'build-deployment', payload: { deploymentId: id } },
        key: `${id}-${attempt}`,
      })),
    );
    if (idle.length > 0) this.logger.log(`reminded of ${idle.length} build(s) that nobody works on`);
  }
}
