import { describe, expect, it } from 'vitest';
import { linesOnMissing, withSubmodules } from './submodule-lines.js';

const source = { sha: 'a'.repeat(40), submodules: 0, missing: [] };

describe('linesOnMissing', () => {
  it('names the path and the reason, on one line', () => {
    const missing = [{ path: 'lib\nfake: \u202Eline', reason: 'it is on another host, \u001b[31mb.example' }];
    expect(linesOnMissing({ ...source, missing })).toEqual([
      'the submodule lib?fake: ?line is an empty folder: it is on another host, ?[31mb.example',
    ]);
  });

  it('limits the number of lines and the length of each', () => {
    const missing = Array.from({ length: 1000 }, () => ({ path: 'x'.repeat(5000), reason: 'gone' }));
    const lines = linesOnMissing({ ...source, missing });
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('980 more submodules are empty folders');
    expect(lines[0]?.length).toBeLessThan(400);
  });
});

describe('withSubmodules', () => {
  it('counts them', () => {
    expect(withSubmodules(source)).toBe('');
    expect(withSubmodules({ ...source, submodules: 1 })).toBe(' with 1 submodule');
    expect(withSubmodules({ ...source, submodules: 3 })).toBe(' with 3 submodules');
  });
});
