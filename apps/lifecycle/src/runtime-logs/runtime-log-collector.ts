import { randomUUID } from 'node:crypto';
import { type LoggedContainer, parseRuntimeLogName } from '@nexos/contracts';
import { PeriodicTask } from '@nexos/queue';
import { RuntimeLog } from '@nexos/logs';
import { Injectable, Logger } from '@nestjs/common';
import { RuntimeLogSession } from './runtime-log-session.js';

const CHECK_EVERY_MS = 500;
/** Logs that one process collects concurrently, each over its own connection to the engine. */
const MAX_SESSIONS = 200;

/**
 * Collects containers' output while someone reads it, for the API, which cannot reach the engine. One worker collects each
 * log; another takes over seconds after it dies.
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
    super('runtime logs', CHECK_EVERY_MS);
  }

  override async beforeApplicationShutdown(): Promise<void> {
    await super.beforeApplicationShutdown();
    this.stopping.abort();
    await Promise.all(this.sessions.values());
  }

  protected async run(): Promise<void> {
    for (const name of await this.log.requested()) {
      if (this.sessions.size >= MAX_SESSIONS) return;
      const container = parseRuntimeLogName(name);
      if (container === null || this.sessions.has(name)) continue;
      const token = randomUUID();
      if (await this.log.claim(name, token)) this.start(name, container, token);
    }
  }

  private start(name: string, container: LoggedContainer, token: string): void {
    const session = this.session
      .run(container, token, this.stopping.signal)
      .catch((error: unknown) => {
        this.logger.warn(`could not collect the runtime log of ${name}: ${(error as Error).message}`);
      })
      .finally(() => this.sessions.delete(name));
    this.sessions.set(name, session);
  }
}
