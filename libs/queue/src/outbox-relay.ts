import { WorkerConfig } from '@nexos/config';
import { JOB_NAMES } from '@nexos/contracts';
import { deleteOutboxRows, type OutboxRow, lockStaleOutboxRows, UnitOfWork } from '@nexos/database';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobQueues } from './job-queues.js';
import { PeriodicTimer } from './periodic-timer.js';

const SWEEP_BATCH = 500;
const FLUSH_BATCH = 200;
const KNOWN_JOBS = Object.entries(JOB_NAMES).flatMap(([queue, names]) =>
  names.map((name) => `${queue}/${name}`),
);
/** Younger rows are probably being enqueued by their writer right now. */
const LEFT_AFTER_MS = 2_000;

/**
 * Moves jobs from the outbox to their queues: its own right after the commit, and every few seconds those that any
 * process left behind because it died or could not reach Redis. A job may be enqueued twice.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly waiting: OutboxRow[] = [];
  private flushing: Promise<void> | undefined;
  private readonly sweeper: PeriodicTimer;

  constructor(
    private readonly dataSource: DataSource,
    private readonly queues: JobQueues,
    private readonly unitOfWork: UnitOfWork,
    config: WorkerConfig,
  ) {
    this.sweeper = new PeriodicTimer('outbox sweep', config.sweepMs, () => this.sweep());
  }

  onApplicationBootstrap(): void {
    this.unitOfWork.onCommitted((rows) => {
      this.waiting.push(...rows);
      this.flushing ??= this.flushAll();
    });
    this.sweeper.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweeper.stop();
    await this.flushing;
  }

  /** Enqueues waiting jobs; jobs committed meanwhile go with the next batch. */
  private async flushAll(): Promise<void> {
    while (this.waiting.length > 0) await this.flush(this.waiting.splice(0, FLUSH_BATCH));
    this.flushing = undefined;
  }

  private async flush(rows: readonly OutboxRow[]): Promise<void> {
    try {
      await this.queues.add(rows);
      await deleteOutboxRows(
        this.dataSource.manager,
        rows.map((row) => row.id),
      );
    } catch (error) {
      this.logger.warn(
        `left ${rows.length} job(s) in the outbox for a later sweep: ${(error as Error).message}`,
      );
    }
  }

  private async sweep(): Promise<void> {
    let taken: number;
    do {
      taken = await this.dataSource.transaction(async (manager) => {
        const rows = await lockStaleOutboxRows(manager, LEFT_AFTER_MS, SWEEP_BATCH, KNOWN_JOBS);
        if (rows.length === 0) return 0;
        await this.queues.add(rows);
        await deleteOutboxRows(
          manager,
          rows.map((row) => row.id),
        );
        this.logger.log(`enqueued ${rows.length} job(s) left in the outbox`);
        return rows.length;
      });
    } while (taken === SWEEP_BATCH);
  }
}
