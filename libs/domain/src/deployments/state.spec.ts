import { describe, expect, it } from 'vitest';
import { DEPLOYMENT_STATUSES, deploymentStatusesBefore, isUnfinished } from './deployment-state.js';
import { environmentStatusesBefore, visibleEnvironmentStatus } from '../environments/environment-state.js';

describe('deploymentStatusesBefore', () => {
  it.each([
    ['queued', []],
    ['building', ['queued']],
    ['deploying', ['queued', 'building']],
    ['live', ['deploying']],
    ['replaced', ['live']],
    ['failed', ['queued', 'building', 'deploying']],
    ['cancelled', ['queued', 'building', 'deploying']],
    ['superseded', ['queued', 'building', 'deploying']],
  ] as const)('lets %s follow only %j', (to, from) => {
    expect(deploymentStatusesBefore(to)).toEqual(from);
  });

  it('lets nothing follow a final status', () => {
    for (const end of DEPLOYMENT_STATUSES.filter((status) => !isUnfinished(status) && status !== 'live')) {
      for (const to of DEPLOYMENT_STATUSES) expect(deploymentStatusesBefore(to)).not.toContain(end);
    }
  });
});

describe('environment-state', () => {
  it('lets nothing follow destroyed', () => {
    for (const to of ['pending', 'running', 'paused', 'failed', 'destroying', 'destroyed'] as const) {
      expect(environmentStatusesBefore(to)).not.toContain('destroyed');
    }
  });

  it('lets failed follow only pending, so a later deployment never fails a live environment', () => {
    expect(environmentStatusesBefore('failed')).toEqual(['pending']);
  });

  it.each([
    ['running', 'running', false, ['queued', 'building'], 'building'],
    ['running', 'running', false, ['deploying', 'queued'], 'deploying'],
    ['pending', 'running', false, ['queued'], 'pending'],
    ['destroying', 'destroyed', false, ['building'], 'destroying'],
    ['running', 'running', false, [], 'running'],
    ['running', 'paused', false, ['deploying'], 'pausing'],
    ['paused', 'paused', false, [], 'paused'],
    ['paused', 'paused', false, ['building'], 'building'],
    ['paused', 'paused', false, ['deploying'], 'paused'],
    ['paused', 'running', false, [], 'resuming'],
    ['running', 'running', true, [], 'resetting'],
    ['running', 'paused', true, [], 'pausing'],
    ['paused', 'paused', true, [], 'paused'],
    ['paused', 'running', true, [], 'resuming'],
  ] as const)(
    'shows an environment that is %s, should be %s, resetting %s, with deployments %j as %s',
    (status, desiredState, isResetting, of, reads) => {
      expect(visibleEnvironmentStatus(status, { desiredState, isResetting, isAsleep: false }, of)).toBe(
        reads,
      );
    },
  );

  it.each([
    ['running', 'paused', [], 'pausing'],
    ['paused', 'paused', [], 'sleeping'],
    ['paused', 'paused', ['building'], 'building'],
    ['paused', 'paused', ['deploying'], 'sleeping'],
    ['paused', 'running', [], 'resuming'],
    ['running', 'running', [], 'running'],
    ['destroying', 'destroyed', [], 'destroying'],
  ] as const)(
    'shows an asleep environment that is %s, should be %s, with deployments %j as %s',
    (status, desiredState, of, reads) => {
      expect(visibleEnvironmentStatus(status, { desiredState, isResetting: false, isAsleep: true }, of)).toBe(
        reads,
      );
    },
  );
});
