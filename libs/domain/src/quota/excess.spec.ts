import { describe, expect, it } from 'vitest';
import { excessMessage, excessOf, QuotaExceededError } from './excess.js';
import { PLANS } from './plans.js';

const { pro } = PLANS;

describe('a change of what an account uses', () => {
  it.each([
    ['that reaches the limit fits', 24, 25, null],
    ['that exceeds the limit does not fit', 25, 26, { usage: 25, request: 1 }],
    ['that grows further above a lowered limit does not fit', 30, 31, { usage: 30, request: 1 }],
    ['that stays above a lowered limit fits', 30, 30, null],
    ['that shrinks above a lowered limit fits', 30, 28, null],
  ])('%s', (_, before, after, excess) => {
    const expected = excess === null ? null : { resource: 'max_projects', limit: 25, ...excess };
    expect(excessOf('max_projects', pro, before, after)).toEqual(expected);
  });

  it('asks for a number without errors of binary fractions', () => {
    expect(excessOf('max_cpu', { ...pro, max_cpu: 0.3 }, 0.3, 0.3 + 0.1)?.request).toBe(0.1);
  });
});

it('a refusal says the limit, the usage and the request', () => {
  const excess = { resource: 'max_cpu', limit: 4, usage: 3.5, request: 1 } as const;
  expect(new QuotaExceededError(excess).message).toBe(excessMessage(excess));
  expect(excessMessage(excess)).toMatch(/^The quota allows 4 CPU cores: 3.5 in use, 1 more requested\. /);
});

it.each([
  [
    { resource: 'max_projects', limit: 1, usage: 1, request: 1 },
    'The quota allows 1 project: 1 in use, 1 more requested. Delete a project that is not needed, or ask the operator for a higher limit.',
  ],
  [
    { resource: 'webhooks_per_project', limit: 0, usage: 0, request: 1 },
    'The quota allows 0 webhooks: 0 in use, 1 more requested. Delete a webhook that is not needed, or ask the operator for a higher limit.',
  ],
  [
    { resource: 'build_minutes', limit: 1, usage: 1, request: 0 },
    'The quota allows 1 build minute in a calendar month: 1 used. Deploy again next month, or ask the operator for a higher limit.',
  ],
] as const)('a refusal of %j gives advice that helps with that limit', (excess, message) => {
  expect(excessMessage(excess)).toBe(message);
});
