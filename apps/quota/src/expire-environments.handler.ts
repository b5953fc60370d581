import { UnitOfWork } from '@nexos/database';
import { EnvironmentsRepository, expireEnvironment } from '@nexos/state';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

const BATCH = 100;

/** Destroys environments without a push or deployment for as many days as their project allows. */
@Injectable()
@HandlesJob('quota', 'expire-environments')
export class ExpireEnvironmentsHandler implements JobHandler<'quota', 'expire-environments'> {
  private readonly logger = new Logger(ExpireEnvironmentsHandler.name);

  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Expires each environment in its own transaction; the next run finds those left when the process stops. */
  async handle(_: Record<string, never>, stopping: AbortSignal): Promise<void> {
    for (let after: string | undefined = ''; after !== undefined;) {
      const batch = await this.environments.findExpired(after, BATCH);
      for (const { id } of batch) {
        if (stopping.aborted) return;
        await this.expire(id);
      }
      after = batch[BATCH - 1]?.id;
    }
  }

  private async expire(id: string): Promise<void> {
    const expired = await this.unitOfWork.run((transaction) => expireEnvironment(transaction, id));
    if (expired === null) return;
    this.logger.log(
      `destroying ${id} of ${JSON.stringify(expired.branch)}: no push or deployment for ${expired.days} day(s)`,
    );
  }
}
