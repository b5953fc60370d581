import { RedisConfig } from '@nexos/config';
import type { LogLine } from '@nexos/contracts';
import { openLogWriter } from '@nexos/database';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { DataSource, type EntityManager } from 'typeorm';
import { LiveLog } from './live-log.js';
import { archiveLines, archivedWriters } from './log-archive.js';
import { LogReader } from './log-reader.js';
import { LogWriter } from './log-writer.js';
import type { Redactor } from './redactor.js';

export const LOG_REDIS = Symbol('redis of the log');

/** The logs of deployments: where to write them and where to read them. */
@Injectable()
export class BuildLog {
  private readonly logger = new Logger(BuildLog.name);
  private readonly live: LiveLog;
  readonly reader: LogReader;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOG_REDIS) redis: Redis,
    config: RedisConfig,
  ) {
    this.live = new LiveLog(redis, config.prefix);
    this.reader = new LogReader(dataSource.manager, this.live);
  }

  /**
   * Begins to write into a deployment's log, after all that was written before. What an earlier writer left
   * behind when it died is archived as far as Redis has it.
   */
  async open(deploymentId: string, redactor: Redactor, limitBytes: number): Promise<LogWriter> {
    const writer = await this.dataSource.transaction(async (manager) => {
      const number = await openLogWriter(manager, deploymentId);
      await this.archiveAbandoned(manager, deploymentId, number);
      return number;
    });
    return new LogWriter(this.live, { deploymentId, writer, redactor, limitBytes });
  }

  /** Wakes the watchers of a deployment whose status changed. */
  async wake(deploymentId: string): Promise<void> {
    await this.live.wake(deploymentId);
  }

  private async archiveAbandoned(
    manager: EntityManager,
    deploymentId: string,
    before: number,
  ): Promise<void> {
    const archived = await archivedWriters(manager, deploymentId);
    for (let writer = 1; writer < before; writer++) {
      if (!archived.includes(writer)) await this.archiveFromRedis(manager, deploymentId, writer);
    }
  }

  private async archiveFromRedis(
    manager: EntityManager,
    deploymentId: string,
    writer: number,
  ): Promise<void> {
    let lines: LogLine[];
    try {
      lines = await this.live.read(deploymentId, writer, 0, Number.MAX_SAFE_INTEGER);
    } catch (error) {
      this.logger.warn(
        `what writer ${writer} left of ${deploymentId} is not archived: ${(error as Error).message}`,
      );
      return;
    }
    await archiveLines(manager, deploymentId, writer, lines);
  }
}
