import { describe, expect, it } from 'vitest';
import { isId, newId } from './id.js';

describe('newId', () => {
  it('creates ids with the prefix of their kind that sort by time', () => {
    const early = newId('project', 1_700_000_000_000);
    const late = newId('project', 1_700_000_000_001);
    expect(early).toMatch(/^proj_[0-9a-z]{26}$/);
    expect(early < late).toBe(true);
  });

  it('creates unique ids in order within one millisecond', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('deployment', 1_700_000_000_002));
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('keeps the order when the clock is set back', () => {
    const before = newId('project');
    expect(newId('project', 1) > before).toBe(true);
  });
});

describe('isId', () => {
  it.each([
    ['project', newId('project'), true],
    ['project', newId('deployment'), false],
    ['project', 'proj_', false],
    ['project', `${newId('project')}'--`, false],
    ['project', `proj_8${'0'.repeat(25)}`, false],
    ['deployment', '', false],
  ] as const)('answers for the kind %s and %j: %s', (kind, text, expected) => {
    expect(isId(kind, text)).toBe(expected);
  });
});
