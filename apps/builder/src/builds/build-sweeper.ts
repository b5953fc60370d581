import { BuildLog, Redactor } from '@nexos/logs';
import { BuilderConfig, WorkerConfig } from '@nexos/config';
import { BuildClaims, failBuild } from '@nexos/state';
import { UnitOfWork } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { JobQueues, PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/** Every few seconds, re-enqueues builds that lost their job or their builder, and fails those out of attempts. */
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

  protected async run(): Promise<void> {
    await this.failLostBuilds();
    await this.requeueIdleBuilds();
  }

  private async failLostBuilds(): Promise<void> {
    for (const { id, environmentId, attempt } of await this.claims.findLost()) {
      const failure = new DeploymentFailure(
        'builder_lost',
        'Two builders in a row were lost during this build. Deploy again; if that does not help, reduce the memory that the build needs, or tell the operator.',
      );
      const log = await this.buildLog.open(id, new Redactor([]), this.builder.logLimit);
      const build = { deploymentId: id, environmentId, attempt };
      let isLogged = false;
      let isKept = false;
      try {
        const isLost = await this.unitOfWork.run(async (transaction) => {
          const hasFailed = await failBuild(transaction, build, failure, { leaseIsOver: true });
          // A retried transaction must not log the line twice.
          if (hasFailed && !isLogged) log.note(`failed: ${failure.message} (${failure.code})`);
          isLogged ||= hasFailed;
          await log.archive();
          return hasFailed;
        });
        isKept = true;
        if (isLost) this.logger.warn(`build ${id} failed: its builder was lost and no attempts are left`);
      } finally {
        await log.close(isKept);
      }
    }
  }

  /** Any job wakes a builder for any build, so those that still wait for a builder serve as well. */
  private async requeueIdleBuilds(): Promise<void> {
    const idle = await this.claims.findUnclaimed(this.config.sweepMs);
    if (idle.length === 0) return;
    const stalled = idle.slice(0, Math.max(0, idle.length - (await this.queues.waitingJobs('build'))));
    if (stalled.length === 0) return;
    await this.queues.reenqueue(
      stalled.map(({ id, attempt }) => ({
        job: { queue: 'build', name: 'build-deployment', payload: { deploymentId: id } },
        key: `${id}-${attempt}`,
      })),
    );
    this.logger.log(`re-enqueued ${stalled.length} stalled build(s)`);
  }
}
