import { LeaseLostError, Leases } from '@nexos/database';
import { withCorrelation } from '@nexos/observability';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { ExecutionRunner } from './execution-runner.js';

/** Each asks the engine several times a second. */
const AT_ONCE = 20;

/**
 * The executions that this process sees to. They are no jobs of the queue while they run: a command may take an hour,
 * and no deployment has to wait for it.
 */
@Injectable()
export class ExecutionRuns implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ExecutionRuns.name);
  private readonly stopping = new AbortController();
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly leases: Leases,
    private readonly runner: ExecutionRunner,
  ) {}

  /** How many more this process can see to. */
  get room(): number {
    return this.stopping.signal.aborted ? 0 : AT_ONCE - this.running.size;
  }

  /** What runs is left to another worker. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the process is stopping'));
    await Promise.all(this.running.values());
  }

  /** Begins to see to an execution, unless that is done already or there is no room; a sweep finds it again then. */
  begin(id: string): void {
    if (this.room <= 0 || this.running.has(id)) return;
    const run = this.run(id).finally(() => this.running.delete(id));
    this.running.set(id, run);
  }

  private run(id: string): Promise<void> {
    return withCorrelation({ execution: id }, async () => {
      try {
        await this.leases.hold('executions', id, async (lease) => {
          const signal = AbortSignal.any([lease.signal, this.stopping.signal]);
          await this.runner.run(id, { lease, signal });
          return {};
        });
      } catch (error) {
        if (error instanceof LeaseLostError) this.logger.warn(error.message);
        else if (!this.stopping.signal.aborted) {
          this.logger.error(`${id} is seen to again: ${(error as Error).message}`, (error as Error).stack);
        }
      }
    });
  }
}
