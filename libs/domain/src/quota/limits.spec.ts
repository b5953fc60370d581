import { describe, expect, it } from 'vitest';
import { LIMIT_NAMES, LIMITS, type LimitName, limitProblem, MAX_LIMIT } from './limits.js';
import { limitsOf, PLAN_NAMES, PLANS } from './plans.js';

describe('the value of a limit', () => {
  it.each<[LimitName, unknown, string | null]>([
    ['max_projects', 25, null],
    ['max_projects', 0, null],
    ['max_projects', -1, 'must be at least 0'],
    ['max_projects', 1.5, 'must be a whole number'],
    ['max_projects', MAX_LIMIT + 1, `must be at most ${MAX_LIMIT}`],
    ['max_cpu', 1.5, null],
    ['max_cpu', NaN, 'must be a number'],
    ['max_cpu', '4', 'must be a number'],
    ['concurrent_builds', 0, 'must be at least 1'],
  ])('of %s as %s', (name, value, problem) => {
    expect(limitProblem(name, value)).toBe(problem);
  });
});

describe('a plan', () => {
  it.each(PLAN_NAMES)('%s has a valid value for each limit', (plan) => {
    const problems = LIMIT_NAMES.map((name) => limitProblem(name, PLANS[plan][name]));
    expect(problems).toEqual(LIMIT_NAMES.map(() => null));
    expect(Object.keys(PLANS[plan]).sort()).toEqual(Object.keys(LIMITS).sort());
  });

  it('pro has the limits of the API contract', () => {
    expect(PLANS.pro).toMatchObject({
      max_projects: 25,
      max_cpu: 64,
      max_memory_mb: 131_072,
      build_minutes: 5_000,
    });
  });

  it('gives way to the single limits of an account', () => {
    expect(limitsOf('free', {})).toEqual(PLANS.free);
    expect(limitsOf('free', { max_projects: 7 })).toEqual({ ...PLANS.free, max_projects: 7 });
  });
});
