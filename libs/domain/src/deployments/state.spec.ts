import { describe, expect, it } from 'vitest';
import { DEPLOYMENT_STATUSES, deploymentStatusesBefore, isUnfinished } from './deployment-state.js';
import { environmentStatusesBefore, visibleEnvironmentStatus } from '../environments/environment-state.js';

/** An environment with a live version, of which nothing was requested. */
const LIVE = {
  desiredState: 'running',
  isResetting: false,
  isAsleep: false,
  hasLiveVersion: true,
  hasFailed: false,
} as const;

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
    for (const to of [
      'pending',
      'running',
      'pausing',
      'paused',
      'resuming',
      'failed',
      'destroying',
      'destroyed',
    ] as const) {
      expect(environmentStatusesBefore(to)).not.toContain('destroyed');
    }
  });

  it('lets paused follow only statuses in which nothing is left to stop', () => {
    expect(environmentStatusesBefore('paused')).toEqual(['pausing', 'failed']);
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
    ['pausing', 'paused', false, [], 'pausing'],
    ['pausing', 'paused', false, ['building'], 'pausing'],
    ['pausing', 'running', true, [], 'resuming'],
    ['resuming', 'running', false, ['deploying'], 'resuming'],
    ['resuming', 'paused', false, [], 'pausing'],
    ['failed', 'paused', false, [], 'pausing'],
    ['failed', 'running', false, [], 'resuming'],
    ['failed', 'running', true, [], 'resetting'],
    ['failed', 'running', false, ['deploying'], 'deploying'],
    ['paused', 'paused', true, [], 'paused'],
    ['paused', 'running', true, [], 'resuming'],
  ] as const)(
    'shows an environment that is %s, should be %s, resetting %s, with deployments %j as %s',
    (status, desiredState, isResetting, of, reads) => {
      expect(visibleEnvironmentStatus(status, { ...LIVE, desiredState, isResetting }, of)).toBe(reads);
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
      expect(visibleEnvironmentStatus(status, { ...LIVE, desiredState, isAsleep: true }, of)).toBe(reads);
    },
  );

  it.each([
    ['failed', 'running', false, [], 'failed'],
    ['running', 'running', false, [], 'failed'],
    ['running', 'running', true, [], 'failed'],
    ['failed', 'running', true, [], 'failed'],
    ['running', 'running', false, ['building'], 'building'],
    ['running', 'running', true, ['deploying'], 'deploying'],
  ] as const)(
    'shows an environment whose last change failed and that is %s, should be %s, resetting %s, with deployments %j as %s',
    (status, desiredState, isResetting, of, reads) => {
      const intent = { ...LIVE, desiredState, isResetting, hasFailed: true };
      expect(visibleEnvironmentStatus(status, intent, of)).toBe(reads);
    },
  );

  it('shows an environment whose first deployment failed as failed, not as starting', () => {
    expect(visibleEnvironmentStatus('failed', { ...LIVE, hasLiveVersion: false }, [])).toBe('failed');
  });
});
