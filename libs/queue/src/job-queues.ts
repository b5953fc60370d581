import { RedisConfig } from '@nexos/config';
import { type Job, JOB_NAMES, type QueueName } from '@nexos/contracts';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Queue, type BulkJobOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { FAST_REDIS } from './redis.tokens.js';

/** What a failed job is kept for: somebody who asks why. */
const KEEP_FAILED = { count: 500, age: 7 * 24 * 3600 };

const QUEUE_NAMES = Object.keys(JOB_NAMES) as QueueName[];
const REMINDER_TTL_MS = 15_000;
/** A job that fails is tried again after 1, 2, 4 … s, for half an hour. After that a sweep finds its event. */
const NOTIFICATIONS = { attempts: 12, backoff: { type: 'exponential', delay: 1_000 } } as const;

/** Puts jobs on their queues. */
@Injectable()
export class JobQueues implements OnApplicationShutdown {
  private readonly logger = new Logger(JobQueues.name);
  private readonly queues = new Map<QueueName, Promise<Queue>>();

  constructor(
    @Inject(FAST_REDIS) private readonly redis: Redis,
    private readonly config: RedisConfig,
  ) {}

  /** @throws when Redis cannot be reached; then none, some or all of them are on their queues */
  async add(jobs: readonly { job: Job; delayMs: number }[]): Promise<void> {
    await Promise.all(
      QUEUE_NAMES.map(async (name) => {
        const mine = jobs.filter(({ job }) => job.queue === name);
        if (mine.length === 0) return;
        const queue = await this.queue(name);
        await queue.addBulk(
          mine.map(({ job, delayMs }) => ({
            name: job.name,
            data: job.payload,
            opts: optionsOf(job, delayMs),
          })),
        );
      }),
    );
  }

  /**
   * Reminds of work that seems to have been forgotten, at most every fifteen seconds for each key; a reminder that was
   * one too many does no harm.
   *
   * @throws when Redis cannot be reached
   */
  async remind(reminders: readonly { job: Job; key: string }[]): Promise<void> {
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
   * The queue itself, for schedules and figures.
   *
   * @throws when Redis cannot be reached
   */
  async queue(name: QueueName): Promise<Queue> {
    if (this.redis.status !== 'ready') throw new Error('Redis is away');
    const known = this.queues.get(name) ?? this.open(name);
    this.queues.set(name, known);
    return known;
  }

  async onApplicationShutdown(): Promise<void> {
    for (const queue of this.queues.values()) await (await queue).close();
  }

  /** BullMQ never gets over it when its first words to Redis fail; then the queue is opened anew. */
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
 * At most one nudge waits per environment, execution, repository or event, beside one that is being worked on. A delayed
 * one stands outside of that: it must not be lost to one that happens to wait at the moment.
 */
function optionsOf(job: Job, delayMs: number): BulkJobOptions {
  const options: BulkJobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: KEEP_FAILED };
  if (job.queue === 'notify') {
    return { ...options, ...NOTIFICATIONS, deduplication: { id: `${job.name}-${job.payload.seq}` } };
  }
  if (delayMs > 0) return { ...options, delay: delayMs };
  const subject = subjectOf(job);
  if (subject === null) return options;
  return { ...options, deduplication: { id: subject, keepLastIfActive: true, replace: true } };
}

/** Whatever a nudge is about; null where each is about something else. */
function subjectOf(job: Job): string | null {
  if (job.queue === 'deliveries' || job.queue === 'branches') return job.payload.repository;
  if (job.queue !== 'lifecycle') return null;
  return job.name === 'run-execution' ? job.payload.executionId : job.payload.environmentId;
}
