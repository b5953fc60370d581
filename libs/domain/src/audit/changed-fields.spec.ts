import { describe, expect, it } from 'vitest';
import { changedFields, withoutValues } from './changed-fields.js';

describe('changedFields', () => {
  it('returns only the fields that differ, with null where one side has none', () => {
    expect(changedFields({ name: 'a', port: 1, old: true }, { name: 'b', port: 1, cpu: 2 })).toEqual({
      before: { name: 'a', old: true, cpu: null },
      after: { name: 'b', old: null, cpu: 2 },
    });
  });

  it('shows that a variable changed, but not its values', () => {
    const change = changedFields({ env: { A: 'secret' } }, { env: { A: 'other', B: 'x' } });
    expect(change).toEqual({ before: { env: ['A'] }, after: { env: ['A', 'B'] } });
  });
});

describe('withoutValues', () => {
  it('keeps the names of variables and build arguments at any depth', () => {
    expect(
      withoutValues({
        containers: [{ name: 'worker', env: { B: 'x', A: 'y' } }],
        build_args: { V: '1' },
        cpu: 1,
      }),
    ).toEqual({ containers: [{ name: 'worker', env: ['A', 'B'] }], build_args: ['V'], cpu: 1 });
  });
});
