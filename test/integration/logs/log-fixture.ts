import { randomBytes } from 'node:crypto';
import { BuildLog, BuildLogModule, LogWatch, type LogWriter, Redactor } from '@nexos/logs';
import { ConfigModule, DatabaseConfig, loadConfig, RedisConfig, WorkerConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { formatLogCursor, LOG_START, type LogLine } from '@nexos/contracts';
import { FAST_REDIS, JobQueues, LOG_SUBSCRIBER, QueueModule } from '@nexos/queue';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Redis } from 'ioredis';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { SILENT } from '../../support/silent-logger.js';

export const NO_LIMIT = 8 * 1024 * 1024;
export const NO_SECRETS = new Redactor([]);

/** A process with build logs: a builder that writes them or an API that reads them. */
export class LogProcess {
  private constructor(
    readonly prefix: string,
    private readonly module: TestingModule,
  ) {}

  static async boot(
    database: TestDatabase,
    redisUrl: string,
    prefix = `it${randomBytes(5).toString('hex')}`,
  ): Promise<LogProcess> {
    const config = loadConfig(
      { database: DatabaseConfig, redis: RedisConfig, worker: WorkerConfig },
      { DATABASE_URL: database.url, DATABASE_POOL_SIZE: '4', REDIS_URL: redisUrl, REDIS_PREFIX: prefix },
    );
    const module = await Test.createTestingModule({
      imports: [ConfigModule.forRoot(config), QueueModule, BuildLogModule.forRoot(FAST_REDIS, [QueueModule])],
    })
      .setLogger(SILENT)
      .compile();
    await module.init();
    const process = new LogProcess(prefix, module);
    await process.untilConnected();
    return process;
  }

  get log(): BuildLog {
    return this.module.get(BuildLog, { strict: false });
  }

  /** The unit of work in whose transactions the log archives its lines. */
  get unitOfWork(): UnitOfWork {
    return this.module.get(UnitOfWork, { strict: false });
  }

  get redis(): Redis {
    return this.module.get(FAST_REDIS, { strict: false });
  }

  get queues(): JobQueues {
    return this.module.get(JobQueues, { strict: false });
  }

  get subscriber(): Redis {
    return this.module.get(LOG_SUBSCRIBER, { strict: false });
  }

  watch(): LogWatch {
    return new LogWatch(this.subscriber, this.prefix);
  }

  async untilConnected(): Promise<void> {
    await eventually(
      'the connections to Redis',
      () =>
        Promise.resolve(
          this.redis.status === 'ready' && this.subscriber.status === 'ready' ? true : undefined,
        ),
      { everyMs: 10 },
    );
  }

  open(deploymentId: string, limitBytes = NO_LIMIT, redactor = NO_SECRETS): Promise<LogWriter> {
    return this.log.open(deploymentId, redactor, limitBytes);
  }

  async read(deploymentId: string, after = LOG_START, limit = 100_000): Promise<LogLine[]> {
    return (await this.log.reader.read(deploymentId, after, limit)).lines;
  }

  tail(deploymentId: string, count: number): Promise<LogLine[]> {
    return this.log.reader.tail(deploymentId, count);
  }

  /** Polls until the log has at least `count` lines. */
  async readUntil(deploymentId: string, count: number): Promise<LogLine[]> {
    let lines: LogLine[] = [];
    return eventually(
      `${count} lines`,
      async () => {
        lines = await this.read(deploymentId).catch(() => []);
        return lines.length >= count ? lines : undefined;
      },
      { deadlineMs: 15_000, everyMs: 20, seen: () => lines.length },
    );
  }

  /** Ends a log as a builder does: archives its lines, then closes the live log. */
  async finish(writer: LogWriter): Promise<void> {
    await writer.archive();
    await writer.close();
  }

  async close(): Promise<void> {
    await this.module.close();
  }
}

export function textsOf(lines: readonly LogLine[]): string[] {
  return lines.map((line) => line.text);
}

export function cursorsOf(lines: readonly LogLine[]): string[] {
  return lines.map(formatLogCursor);
}

/** Returns `line <from>` to `line <to>`. */
export function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);
}

export function append(writer: LogWriter, texts: readonly string[]): void {
  for (const text of texts) writer.append({ stream: 'stdout', text });
}
