import { describe, expect, it } from 'vitest';
import { boundedRecord, MAX_RECORD_BYTES } from './bounded-record.js';

const bytesOf = (value: object) => Buffer.byteLength(JSON.stringify(value));

describe('boundedRecord', () => {
  it('leaves small records as they are', () => {
    const record = { name: 'my-app', env: ['A'], removed_at: null, hooks: { on_deploy: 'x'.repeat(1_000) } };
    expect(boundedRecord(record)).toEqual(record);
    expect(boundedRecord({ at: new Date(0), none: undefined })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
  });

  it('cuts long texts, but not in the middle of a character', () => {
    const cut = boundedRecord({ text: `${'a'.repeat(999)}😀b` });
    expect(cut).toEqual({ text: `${'a'.repeat(999)}\ufffd…` });
    expect(boundedRecord({ text: 'a\ud83d\0b' })).toEqual({ text: 'a\ufffd\ufffdb' });
  });

  it('keeps as many entries as fit, and counts the others', () => {
    const variables = Array.from({ length: 500 }, (_, i) => ({ key: `VARIABLE_${i}`, branch: 'main' }));
    const bounded = boundedRecord({ variables }) as { variables: unknown[] };
    expect(bounded.variables).toHaveLength(201);
    expect(bounded.variables.at(-1)).toBe('… and 300 more');
    const env = Object.fromEntries(variables.map(({ key }) => [key, 'x'.repeat(100)]));
    const names = Object.entries((boundedRecord({ env }) as { env: object }).env);
    expect(names).toHaveLength(51);
    expect(names.at(-1)).toEqual(['…', 'and 450 more']);
  });

  it.each([
    { hooks: ['on_deploy', 'on_new', 'on_rollback'].map(() => Array<string>(64).fill('ü'.repeat(4_096))) },
    Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`${i}`.repeat(50), i])),
    { deep: Array(20).fill(Array(20).fill(Array(20).fill(Array(20).fill('😀')))) as unknown },
  ])('bounds any record', (record) => {
    expect(bytesOf(boundedRecord(record))).toBeLessThanOrEqual(MAX_RECORD_BYTES);
  });
});
