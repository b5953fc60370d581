import { WorkerConfig } from '@nexos/config';
import { ExecutionsRepository } from '@nexos/state';
import { OneOffJobs } from '@nexos/engine';
import { PeriodicTimer } from '@nexos/queue';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ExecutionRuns } from './execution-runs.js';

const SWEEPS_BETWEEN = 12;

/**
 * Every few seconds: finds executions that nobody sees to. Now and then: takes away what one has on the engine that is
 * over and done with, as a worker may leave it that was frozen while it began.
 */
@Injectable()
export class ExecutionSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ExecutionSweeper.name);
  private readonly stopping = new AbortController();
  private readonly sweeps: PeriodicTimer;
  private readonly removals: PeriodicTimer;

  constructor(
    private readonly executions: ExecutionsRepository,
    private readonly runs: ExecutionRuns,
    private readonly jobs: OneOffJobs,
    config: WorkerConfig,
  ) {
    this.sweeps = new PeriodicTimer('execution sweep', config.sweepMs, () => this.sweep());
    this.removals = new PeriodicTimer('removal of executions', config.sweepMs * SWEEPS_BETWEEN, () =>
      this.removeLeft(),
    );
  }

  onApplicationBootstrap(): void {
    this.sweeps.start();
    this.removals.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.sweeps.stop(), this.removals.stop()]);
  }

  private async sweep(): Promise<void> {
    const { room } = this.runs;
    if (room <= 0) return;
    for (const id of await this.executions.findIdle(room)) this.runs.begin(id);
  }

  /** The engine is asked first: what it has for an execution that is not settled then is that one's own. */
  private async removeLeft(): Promise<void> {
    const found = await this.jobs.listExecutions();
    const wanted = await this.executions.findUnsettled(found);
    for (const executionId of found.filter((id) => !wanted.includes(id))) {
      this.logger.warn(`${executionId} has left something on the engine: it is taken away`);
      await this.jobs.removeAll({ executionId }, () => Promise.resolve(), this.stopping.signal);
    }
  }
}
