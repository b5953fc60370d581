import { describe, expect, it } from 'vitest';
import { executionRefusal, type ExecutionFacts } from './execution-rules.js';
import { EXECUTION_STATUSES, executionStatusesBefore, isExecutionUnfinished } from './execution-state.js';

describe('executionStatusesBefore', () => {
  it.each([
    ['queued', []],
    ['running', ['queued']],
    ['exited', ['running']],
    ['failed', ['queued', 'running']],
    ['timed_out', ['running']],
    ['cancelled', ['queued', 'running']],
  ] as const)('lets %s follow only %j', (to, from) => {
    expect(executionStatusesBefore(to)).toEqual(from);
  });

  it('lets nothing follow a final status', () => {
    for (const end of EXECUTION_STATUSES.filter((status) => !isExecutionUnfinished(status))) {
      for (const to of EXECUTION_STATUSES) expect(executionStatusesBefore(to)).not.toContain(end);
    }
  });
});

describe('executionRefusal', () => {
  const RUNNING: ExecutionFacts = {
    status: 'running',
    desiredState: 'running',
    isResetting: false,
    hasLiveVersion: true,
    hasFailedImage: false,
    container: 'app',
    containers: ['worker'],
    unfinished: 4,
    unfinishedOfAccount: 9,
  };

  it('allows a command in a running environment', () => {
    expect(executionRefusal(RUNNING)).toBeNull();
  });

  it('allows a command in each container of the version, and in no other', () => {
    expect(executionRefusal({ ...RUNNING, container: 'worker' })).toBeNull();
    expect(executionRefusal({ ...RUNNING, container: 'api' })).toBe(
      'The environment has no container api. It has app, worker.',
    );
  });

  it('allows a command where the first version failed and left an image', () => {
    const failed = { status: 'failed', hasLiveVersion: false, hasFailedImage: true } as const;
    expect(executionRefusal({ ...RUNNING, ...failed })).toBeNull();
  });

  it.each<[Partial<ExecutionFacts>, string]>([
    [{ status: 'pending', hasLiveVersion: false }, 'gone live'],
    [{ status: 'failed', hasLiveVersion: false }, 'gone live'],
    [{ status: 'failed', hasLiveVersion: false, hasFailedImage: true, isResetting: true }, 'reset'],
    [{ status: 'pending', hasLiveVersion: false, hasFailedImage: true }, 'gone live'],
    [{ hasLiveVersion: false }, 'gone live'],
    [{ status: 'paused', desiredState: 'paused' }, 'Resume'],
    [{ status: 'paused' }, 'Resume'],
    [{ status: 'pausing' }, 'Resume'],
    [{ status: 'failed' }, 'last_error'],
    [{ desiredState: 'paused' }, 'Resume'],
    [{ status: 'destroying', desiredState: 'destroyed' }, 'being destroyed'],
    [{ status: 'destroyed', desiredState: 'destroyed' }, 'was destroyed'],
    [{ isResetting: true }, 'reset'],
    [{ unfinished: 5 }, 'Wait for one'],
    [{ unfinishedOfAccount: 10 }, 'Your environments'],
  ])('refuses a command with %j and gives the reason', (facts, words) => {
    expect(executionRefusal({ ...RUNNING, ...facts })).toContain(words);
  });
});
