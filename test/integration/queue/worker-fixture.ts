import { randomBytes } from 'node:crypto';
import { ConfigModule, DatabaseConfig, loadConfig, RedisConfig, WorkerConfig } from '@nexos/config';
import { type QueueName } from '@nexos/contracts';
import { UnitOfWork } from '@nexos/database';
import { HandlesJob, type JobHandler, JobQueues, QueueModule, WorkerModule } from '@nexos/queue';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Queue } from 'bullmq';
import type { TestDatabase } from '../../support/database.js';
import { SILENT } from '../../support/silent-logger.js';

export interface ProcessOptions {
  readonly redisUrl: string;
  readonly prefix: string;
  /** The queue it works on; none by default, like the API. */
  readonly queue?: QueueName;
  readonly handlers?: readonly (new () => object)[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Returns a key prefix that no other test uses. */
export function newPrefix(): string {
  return `it${randomBytes(5).toString('hex')}`;
}

/** Boots a process with the queue library, as a service does. */
export async function bootProcess(database: TestDatabase, options: ProcessOptions): Promise<TestingModule> {
  const module = await prepareProcess(database, options);
  await module.init();
  return module;
}

/** Prepares the same process without booting it. */
export function prepareProcess(database: TestDatabase, options: ProcessOptions): Promise<TestingModule> {
  const { queue } = options;
  const config = loadConfig(
    { database: DatabaseConfig, redis: RedisConfig, worker: WorkerConfig },
    {
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: '4',
      REDIS_URL: options.redisUrl,
      REDIS_PREFIX: options.prefix,
      SWEEP_MS: '200',
      QUEUE_LOCK_MS: '2000',
      QUEUE_STALLED_MS: '500',
      ...options.env,
    },
  );
  const worker =
    queue === undefined
      ? []
      : [WorkerModule.forQueue(() => ({ queue, concurrency: 4, context: (_, __, work) => work() }))];
  return Test.createTestingModule({
    imports: [ConfigModule.forRoot(config), QueueModule, ...worker],
    providers: [
      ...(options.handlers ?? []),
      ...(queue === 'lifecycle' ? [RunsNothing, ChecksNothing, MovesNothing] : []),
    ],
  })
    .setLogger(SILENT)
    .compile();
}

export function unitOfWorkOf(module: TestingModule): UnitOfWork {
  return module.get(UnitOfWork, { strict: false });
}

export function queuesOf(module: TestingModule): JobQueues {
  return module.get(JobQueues, { strict: false });
}

/** Returns the payloads of all jobs of a queue that are not completed. */
export async function payloadsOn(queue: Queue): Promise<unknown[]> {
  const jobs = await queue.getJobs(['waiting', 'delayed', 'active', 'prioritized', 'failed']);
  return jobs.map((job) => job.data as unknown);
}

/** Fills in for another lifecycle job, because a worker does not boot without a handler for each job. */
@HandlesJob('lifecycle', 'run-execution')
class RunsNothing implements JobHandler<'lifecycle', 'run-execution'> {
  handle(): Promise<void> {
    return Promise.resolve();
  }
}

/** Fills in likewise. */
@HandlesJob('lifecycle', 'check-health')
class ChecksNothing implements JobHandler<'lifecycle', 'check-health'> {
  handle(): Promise<void> {
    return Promise.resolve();
  }
}

/** Fills in likewise. */
@HandlesJob('lifecycle', 'move-environment')
class MovesNothing implements JobHandler<'lifecycle', 'move-environment'> {
  handle(): Promise<void> {
    return Promise.resolve();
  }
}

type Reconcile = JobHandler<'lifecycle', 'reconcile-environment'>;

/** Returns a handler of reconcile jobs that runs `work`. */
export function reconciling(work: Reconcile['handle']): new () => Reconcile {
  @HandlesJob('lifecycle', 'reconcile-environment')
  class Reconciler implements Reconcile {
    handle(payload: { environmentId: string }, signal: AbortSignal, crashes: number): Promise<void> {
      return work(payload, signal, crashes);
    }
  }
  return Reconciler;
}
