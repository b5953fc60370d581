import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable } from '@nestjs/common';
import { ExecutionRuns } from './execution-runs.js';

/** Starts a command and does not wait for it. */
@Injectable()
@HandlesJob('lifecycle', 'run-execution')
export class RunExecutionHandler implements JobHandler<'lifecycle', 'run-execution'> {
  constructor(private readonly runs: ExecutionRuns) {}

  handle({ executionId }: { executionId: string }): Promise<void> {
    this.runs.begin(executionId);
    return Promise.resolve();
  }
}
