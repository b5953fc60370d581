import { UnitOfWork } from '@nexos/database';
import { EnvironmentsRepository, expireEnvironment } from '@nexos/state';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

const BATCH = 100;

/** Destroys environments that saw no push and no deployment for as many days as their project keeps them. */
@Injectable()
@HandlesJob('quota', 'expire-environments')
export class ExpireEnvironmentsHandler implements JobHandler<'quota', 'expire-environments'> {
  private readonly logger = new Logger(ExpireEnvironmentsHandler.name);

  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Each is a transaction of its own: what is left when the process stops is found again by the next run. */
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
      `${id} of ${JSON.stringify(expired.branch)} saw no push and no deployment for ${expired.days} day(s) and is being destroyed`,
    );
  }
}
