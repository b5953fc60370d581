import { describe, expect, it } from 'vitest';
import { changedFields } from './changed-fields.js';

describe('changedFields', () => {
  it('returns only the fields that differ, with null where one side has none', () => {
    expect(changedFields({ name: 'a', port: 1, old: true }, { name: 'b', port: 1, cpu: 2 })).toEqual({
      before: { name: 'a', old: true, cpu: null },
      after: { name: 'b', old: null, cpu: 2 },
    });
  });

  it('compares what it does not show', () => {
    const names = ({ env }: Readonly<Record<string, unknown>>) => ({ env: Object.keys(env as object) });
    const change = changedFields({ env: { A: 'secret' } }, { env: { A: 'other' } }, names);
    expect(change).toEqual({ before: { env: ['A'] }, after: { env: ['A'] } });
  });

  it('returns null when nothing differs', () => {
    expect(changedFields({ name: 'a', port: null }, { name: 'a' })).toBeNull();
  });
});
