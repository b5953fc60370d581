import { describe, expect, it } from 'vitest';
import { isId, newId } from './id.js';

describe('newId', () => {
  it('makes ids of its kind that sort by time', () => {
    const early = newId('project', 1_700_000_000_000);
    const late = newId('project', 1_700_000_000_001);
    expect(early).toMatch(/^proj_[0-9a-z]{26}$/);
    expect(early < late).toBe(true);
  });

  it('never makes the same id twice in a millisecond', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('deployment', 1));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('isId', () => {
  it.each([
    ['project', newId('project'), true],
    ['project', newId('deployment'), false],
    ['project', 'proj_', false],
    ['project', `${newId('project')}'--`, false],
    ['deployment', '', false],
  ] as const)('%s %s is %s', (kind, text, expected) => {
    expect(isId(kind, text)).toBe(expected);
  });
});
