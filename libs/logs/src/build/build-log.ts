import { RedisConfig } from '@nexos/config';
import { type LogLine } from '@nexos/contracts';
import { UnitOfWork } from '@nexos/database';
import { LogsRepository } from '@nexos/state';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { LiveLog } from './live-log.js';
import { encodeArchive } from './log-codec.js';
import { LogReader } from './log-reader.js';
import { LogWriter } from './log-writer.js';
import type { Redactor } from './redactor.js';

export const LOG_REDIS = Symbol('log redis');

/** Writes and reads the logs of deployments and executions. */
@Injectable()
export class BuildLog {
  private readonly logger = new Logger(BuildLog.name);
  private readonly live: LiveLog;
  readonly reader: LogReader;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly logs: LogsRepository,
    @Inject(LOG_REDIS) redis: Redis,
    config: RedisConfig,
  ) {
    this.live = new LiveLog(redis, config.prefix);
    this.reader = new LogReader(logs, this.live);
  }

  /**
   * Opens the log of a deployment or execution for writing after its existing lines. Archives the lines that writers
   * left behind when they died, as far as Redis still has them.
   */
  async open(ownerId: string, redactor: Redactor, limitBytes: number): Promise<LogWriter> {
    const writer = await this.unitOfWork.run(async () => {
      const number = await this.logs.openWriter(ownerId);
      await this.archiveAbandoned(ownerId, number);
      return number;
    });
    return new LogWriter(this.live, this.logs, { ownerId, writer, redactor, limitBytes });
  }

  /** Wakes the watchers of a log whose owner's status changed. */
  async wake(ownerId: string): Promise<void> {
    await this.live.wake(ownerId);
  }

  private async archiveAbandoned(ownerId: string, before: number): Promise<void> {
    const { archived } = await this.logs.writersOf(ownerId);
    for (let writer = 1; writer < before; writer++) {
      if (!archived.includes(writer)) await this.archiveFromRedis(ownerId, writer);
    }
  }

  private async archiveFromRedis(ownerId: string, writer: number): Promise<void> {
    let lines: LogLine[];
    try {
      lines = await this.live.readAll(ownerId, writer);
    } catch (error) {
      this.logger.warn(
        `could not archive the lines that writer ${writer} left in the log of ${ownerId}: ${(error as Error).message}`,
      );
      return;
    }
    await this.logs.archive(ownerId, writer, await encodeArchive(lines));
  }
}
