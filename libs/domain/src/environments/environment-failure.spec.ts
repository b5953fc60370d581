import { expect, it } from 'vitest';
import { DeploymentFailure, FAILURE_CODES } from '../deployments/deployment-failure.js';
import { failureOfHooks, failureToStart, retryDelaySeconds } from './environment-failure.js';

it('retries only causes that may end by themselves, ever more slowly up to five minutes', () => {
  const retried = FAILURE_CODES.filter((code) => retryDelaySeconds(code, 1) !== null);
  expect(retried.sort()).toEqual(['disk_full', 'engine_unavailable', 'no_capacity', 'service_not_ready']);
  const delays = [1, 2, 3, 5, 6, 1_000].map((attempt) => retryDelaySeconds('no_capacity', attempt));
  expect(delays).toEqual([10, 20, 40, 160, 300, 300]);
});

it.each([failureToStart, failureOfHooks])('says whether Nexos retries or the user has to act (%o)', (of) => {
  expect(of(new DeploymentFailure('no_capacity', 'No room.')).message).toBe('No room. Nexos keeps trying.');
  expect(of(new DeploymentFailure('hook_failed', 'It failed.')).message).toMatch(/^It failed\. .*resume the/);
});
