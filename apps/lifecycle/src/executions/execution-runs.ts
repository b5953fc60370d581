import { LeaseLostError, Leases } from '@nexos/database';
import { withCorrelation } from '@nexos/observability';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { ExecutionRunner } from './execution-runner.js';

/** Limited because each execution polls the engine several times a second. */
const CONCURRENCY = 20;

/**
 * Tracks the executions that this process runs. They do not hold a queue job: a command may take an hour, and no
 * deployment should wait for it.
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

  /** How many more executions this process can run. */
  get room(): number {
    return this.stopping.signal.aborted ? 0 : CONCURRENCY - this.running.size;
  }

  /** Leaves running executions to another worker. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the process is stopping'));
    await Promise.all(this.running.values());
  }

  /** Starts running an execution, unless it already runs here or there is no room; a sweep finds it again then. */
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
          this.logger.error(`${id} will be retried: ${(error as Error).message}`, (error as Error).stack);
        }
      }
    });
  }
}
