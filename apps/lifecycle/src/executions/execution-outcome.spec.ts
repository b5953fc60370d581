import { DeploymentFailure, diskFull, ExecutionFailure } from '@nexos/domain';
import { EngineRejectedError, type JobEnd, JobRemovedError } from '@nexos/engine';
import { describe, expect, it } from 'vitest';
import { outcomeOf, outcomeOfError, saysNoShell } from './execution-outcome.js';

describe('outcomeOf', () => {
  it.each<[JobEnd, object]>([
    [
      { kind: 'exited', code: 0 },
      { status: 'exited', exitCode: 0 },
    ],
    [
      { kind: 'exited', code: 127 },
      { status: 'exited', exitCode: 127 },
    ],
    [{ kind: 'timed-out', lastState: 'running' }, { status: 'timed_out' }],
    [{ kind: 'timed-out', lastState: 'pending' }, { failure: { code: 'not_started' } }],
    [{ kind: 'not-started', reason: 'No such image: sha256:0' }, { failure: { code: 'image_missing' } }],
    [{ kind: 'not-started', reason: 'invalid mount /host/path' }, { failure: { code: 'not_started' } }],
  ])('maps %j to %j', (end, outcome) => {
    const found = outcomeOf(end, { lacksShell: false });
    expect(found).toMatchObject(outcome);
    expect(JSON.stringify(found)).not.toContain('/host/path');
  });

  it('says that a program belongs to a service that the version does not have', () => {
    const missing = { program: 'redis-cli', kind: 'redis' } as const;
    const outcome = (code: number, lacksShell = false) =>
      outcomeOf({ kind: 'exited', code }, { lacksShell, missing });
    expect(outcome(127)).toMatchObject({
      failure: {
        code: 'service_missing',
        message: expect.stringMatching(/^The project has no Redis, whose image has redis-cli/) as string,
      },
    });
    expect(outcome(1)).toEqual({ status: 'exited', exitCode: 1 });
    expect(outcome(127, true)).toMatchObject({ failure: { code: 'no_shell' } });
  });

  it('reports no_shell only when the shell was not found', () => {
    const noShell = { status: 'failed', failure: { code: 'no_shell' } };
    expect(outcomeOf({ kind: 'exited', code: 127 }, { lacksShell: true })).toMatchObject(noShell);
    expect(outcomeOf({ kind: 'exited', code: 1 }, { lacksShell: true })).toMatchObject({ exitCode: 1 });
    expect(saysNoShell('[FATAL tini (7)] exec /bin/sh failed: No such file or directory')).toBe(true);
    expect(saysNoShell('[FATAL tini (7)] exec psql failed: No such file or directory')).toBe(false);
  });
});

describe('outcomeOfError', () => {
  it.each<[Error, string, string]>([
    [new ExecutionFailure('worker_lost', 'lost'), 'worker_lost', 'lost'],
    [new DeploymentFailure('service_not_ready', 'not ready'), 'service_not_ready', 'not ready'],
    [diskFull(new Error('at /var/run/secret')), 'service_not_ready', 'is full'],
    [new DeploymentFailure('hook_failed', 'of a hook'), 'internal_error', 'internal error in Nexos'],
    [new JobRemovedError('gone'), 'container_lost', 'removed before'],
    [new EngineRejectedError(400, 'at /var/run/secret'), 'internal_error', 'internal error in Nexos'],
  ])('maps %s to %s', (error, code, text) => {
    const outcome = outcomeOfError(error);
    expect(outcome).toMatchObject({ status: 'failed', failure: { code } });
    expect(JSON.stringify(outcome)).toContain(text);
    expect(JSON.stringify(outcome)).not.toContain('/var/run');
  });
});
