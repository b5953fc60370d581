import { randomUUID } from 'node:crypto';
import { isId } from '@nexos/domain';
import { PeriodicTask } from '@nexos/queue';
import { RuntimeLog } from '@nexos/logs';
import { Injectable, Logger } from '@nestjs/common';
import { RuntimeLogSession } from './runtime-log-session.js';

const LOOK_MS = 500;
/** Logs that one process collects at once, each with a connection to the engine. */
const MOST_AT_ONCE = 200;

/**
 * Collects what apps write while somebody reads it, for the API, which has no way to the engine. Each log is collected by
 * one worker, and by another one seconds after that one has died.
 */
@Injectable()
export class RuntimeLogCollector extends PeriodicTask {
  private readonly logger = new Logger(RuntimeLogCollector.name);
  private readonly stopping = new AbortController();
  private readonly sessions = new Map<string, Promise<void>>();

  constructor(
    private readonly log: RuntimeLog,
    private readonly session: RuntimeLogSession,
  ) {
    super('runtime logs', LOOK_MS);
  }

  override async beforeApplicationShutdown(): Promise<void> {
    await super.beforeApplicationShutdown();
    this.stopping.abort();
    await Promise.all(this.sessions.values());
  }

  protected async takeTurn(): Promise<void> {
    for (const id of await this.log.wanted()) {
      if (this.sessions.size >= MOST_AT_ONCE) return;
      if (!isId('deployment', id) || this.sessions.has(id)) continue;
      const token = randomUUID();
      if (await this.log.claim(id, token)) this.begin(id, token);
    }
  }

  private begin(id: string, token: string): void {
    const session = this.session
      .run(id, token, this.stopping.signal)
      .catch((error: unknown) => {
        this.logger.warn(`the runtime log of ${id} is not collected: ${(error as Error).message}`);
      })
      .finally(() => this.sessions.delete(id));
    this.sessions.set(id, session);
  }
}
