import { RedisConfig } from '@nexos/config';
import { type Job, JOB_NAMES, type JobOf, type QueueName } from '@nexos/contracts';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Queue, type BulkJobOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { FAST_REDIS } from './redis.tokens.js';

/** Failed jobs are kept for diagnosis. */
const KEEP_FAILED = { count: 500, age: 7 * 24 * 3600 };

const QUEUE_NAMES = Object.keys(JOB_NAMES) as QueueName[];
const REMINDER_TTL_MS = 15_000;
/** A failed job is retried after 1, 2, 4 … s, for half an hour. After that a sweep finds its event. */
const NOTIFICATIONS = { attempts: 12, backoff: { type: 'exponential', delay: 1_000 } } as const;

/** Enqueues jobs. */
@Injectable()
export class JobQueues implements OnApplicationShutdown {
  private readonly logger = new Logger(JobQueues.name);
  private readonly queues = new Map<QueueName, Promise<Queue>>();

  constructor(
    @Inject(FAST_REDIS) private readonly redis: Redis,
    private readonly config: RedisConfig,
  ) {}

  /** @throws when Redis is unreachable; none, some or all of the jobs may then be enqueued */
  async add(jobs: readonly { job: Job; delayMs: number }[]): Promise<void> {
    await Promise.all(
      QUEUE_NAMES.map(async (name) => {
        const ownJobs = jobs.filter(({ job }) => job.queue === name);
        if (ownJobs.length === 0) return;
        const queue = await this.queue(name);
        await queue.addBulk(
          ownJobs.map(({ job, delayMs }) => ({
            name: job.name,
            data: job.payload,
            opts: optionsOf(job, delayMs),
          })),
        );
      }),
    );
  }

  /**
   * Re-enqueues work that seems to have stalled, at most every 15 seconds per key. An unneeded reminder is harmless.
   *
   * @throws when Redis is unreachable
   */
  async reenqueue(reminders: readonly { job: Job; key: string }[]): Promise<void> {
    await Promise.all(
      reminders.map(async ({ job, key }) => {
        const queue = await this.queue(job.queue);
        await queue.add(job.name, job.payload, {
          ...optionsOf(job, 0),
          deduplication: { id: `reminder-${key}`, ttl: REMINDER_TTL_MS },
        });
      }),
    );
  }

  /**
   * Returns how many jobs of a queue wait for a worker. Those that are delayed do not count.
   *
   * @throws when Redis is unreachable
   */
  async waitingJobs(name: QueueName): Promise<number> {
    return (await this.queue(name)).getWaitingCount();
  }

  /**
   * Returns the queue itself, for schedules and metrics.
   *
   * @throws when Redis is unreachable
   */
  async queue(name: QueueName): Promise<Queue> {
    if (this.redis.status !== 'ready') throw new Error('Redis is unreachable');
    const known = this.queues.get(name) ?? this.open(name);
    this.queues.set(name, known);
    return known;
  }

  async onApplicationShutdown(): Promise<void> {
    for (const queue of this.queues.values()) await (await queue).close();
  }

  /** Opens a queue. BullMQ never recovers when its first command to Redis fails, so the next call opens a new one. */
  private async open(name: QueueName): Promise<Queue> {
    const { redis: connection, config } = this;
    const queue = new Queue(name, { connection, prefix: config.prefix });
    queue.on('error', (error) => this.logger.warn(`queue ${name}: ${error.message}`));
    try {
      await queue.waitUntilReady();
    } catch (error) {
      this.queues.delete(name);
      await queue.close();
      throw error;
    }
    return queue;
  }
}

/**
 * Deduplicates jobs: at most one waits per environment (of each kind), execution, repository, approval, project, event,
 * webhook or report to GitHub, and of each kind of the quota worker's jobs, in addition to an active one.
 * Delayed jobs are exempt, because one must not be dropped in favour of a job that happens to be waiting.
 */
function optionsOf(job: Job, delayMs: number): BulkJobOptions {
  const options: BulkJobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: KEEP_FAILED };
  if (job.queue === 'notify' && 'seq' in job.payload) {
    return { ...options, ...NOTIFICATIONS, deduplication: { id: `${job.name}-${job.payload.seq}` } };
  }
  if (delayMs > 0) return { ...options, delay: delayMs };
  const id = deduplicationIdOf(job);
  if (id === null) return options;
  return { ...options, deduplication: { id, keepLastIfActive: true, replace: true } };
}

/** Returns the id that deduplicates a job; null for jobs that are not deduplicated. */
function deduplicationIdOf(job: Job): string | null {
  if (job.name === 'check-approval') return `approval-${job.payload.approvalId}`;
  if (job.name === 'deploy-forks') return `forks-${job.payload.projectId}`;
  if (job.queue === 'deliveries' || job.queue === 'branches') return job.payload.repository;
  if (job.queue === 'notify') return wakenBy(job);
  if (job.queue === 'quota') return job.name;
  if (job.queue !== 'lifecycle') return null;
  if (job.name === 'run-execution') return job.payload.executionId;
  const { environmentId } = job.payload;
  if (job.name === 'check-health') return `health-${environmentId}`;
  return job.name === 'move-environment' ? `move-${environmentId}` : environmentId;
}

/** Returns what a job wakes a sender for; null for events. */
function wakenBy(job: JobOf<'notify'>): string | null {
  if (job.name === 'send-messages') return job.payload.webhookId;
  return job.name === 'report-to-github' ? `report-${job.payload.reportId}` : null;
}
