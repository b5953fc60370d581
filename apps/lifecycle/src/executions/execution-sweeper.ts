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
 * Every few seconds, finds executions that no worker runs. Less often, removes jobs of settled executions
 * from the engine, which a worker that froze while starting one may have left.
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
      this.removeLeftovers(),
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

  /** Asks the engine first, so that the jobs of an execution that is still unsettled afterwards are kept. */
  private async removeLeftovers(): Promise<void> {
    const found = await this.jobs.listExecutions();
    const wanted = await this.executions.findUnsettled(found);
    for (const executionId of found.filter((id) => !wanted.includes(id))) {
      this.logger.warn(`removing the leftover container of ${executionId}`);
      await this.jobs.removeAll({ executionId }, () => Promise.resolve(), this.stopping.signal);
    }
  }
}
