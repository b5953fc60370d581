import { type Lease, type Leases } from '@nexos/database';
import { describe, expect, it } from 'vitest';
import type { ExecutionRunner } from './execution-runner.js';
import { ExecutionRuns } from './execution-runs.js';
import { RunExecutionHandler } from './run-execution.handler.js';

describe('RunExecutionHandler', () => {
  it('starts a command without holding up its job, under no lease but the execution’s own', async () => {
    const held: string[] = [];
    const leases = {
      hold: (of: string, id: string, work: (lease: Lease) => Promise<object>) => {
        held.push(`${of} ${id}`);
        return work({ signal: new AbortController().signal } as Lease);
      },
    } as unknown as Leases;
    let isOver = false;
    const runner = {
      run: (_id: string, { signal }: { signal: AbortSignal }) =>
        new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())).then(
          () => void (isOver = true),
        ),
    } as unknown as ExecutionRunner;
    const runs = new ExecutionRuns(leases, runner);
    const before = runs.room;
    await new RunExecutionHandler(runs).handle({ executionId: 'exec_1' });
    expect([isOver, before - runs.room, held]).toEqual([false, 1, ['executions exec_1']]);
    await runs.beforeApplicationShutdown();
    expect([isOver, runs.room]).toEqual([true, 0]);
  });
});
