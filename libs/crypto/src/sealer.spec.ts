import { describe, expect, it } from 'vitest';
import { SealBrokenError, Sealer } from './sealer.js';

const OLD = Buffer.alloc(32, 1).toString('base64');
const NEW = Buffer.alloc(32, 2).toString('base64');

describe('Sealer', () => {
  const sealer = new Sealer({ key: NEW, oldKeys: [] });

  it.each(['', 'a secret', 'ünïcödé 🚀', 'x'.repeat(100_000)])('opens what it sealed: %#', (text) => {
    const sealed = sealer.seal(text, 'env_vars/var_1');
    expect(sealer.open(sealed, 'env_vars/var_1')).toBe(text);
    if (text !== '') expect(sealed).not.toContain(text);
  });

  it('never seals the same twice', () => {
    expect(sealer.seal('a', 'row')).not.toBe(sealer.seal('a', 'row'));
  });

  it('opens nothing that belongs to another row, or that was changed', () => {
    const sealed = sealer.seal('a secret', 'row');
    expect(() => sealer.open(sealed, 'another row')).toThrow(SealBrokenError);
    for (let place = 0; place < sealed.length; place++) {
      const other = sealed[place] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, place) + other + sealed.slice(place + 1);
      // The last character of base64 may have bits that mean nothing.
      if (Buffer.from(changed.split('.')[3] ?? '', 'base64url').equals(bytesOf(sealed))) continue;
      expect(() => sealer.open(changed, 'row')).toThrow(SealBrokenError);
    }
    for (const broken of ['', 'v1', 'v1.x', 'v1...', 'v2.a.b.c', sealed.slice(0, -30)]) {
      expect(() => sealer.open(broken, 'row')).toThrow(SealBrokenError);
    }
  });

  it('opens what an old key sealed as long as it has that key, and seals with the new one', () => {
    const sealed = new Sealer({ key: OLD, oldKeys: [] }).seal('a secret', 'row');
    const both = new Sealer({ key: NEW, oldKeys: [OLD] });
    expect(both.open(sealed, 'row')).toBe('a secret');
    expect(both.isCurrent(sealed)).toBe(false);
    expect(both.isCurrent(both.seal('a secret', 'row'))).toBe(true);
    expect(() => sealer.open(sealed, 'row')).toThrow(/ENCRYPTION_KEYS_OLD/);
  });

  it('derives keys that differ by purpose and by key', () => {
    const [present, old] = new Sealer({ key: NEW, oldKeys: [OLD] }).deriveKeys('a');
    expect(present).toHaveLength(32);
    expect(present).not.toEqual(old);
    expect(sealer.deriveKeys('a')).toEqual([present]);
    expect(sealer.deriveKeys('b')).not.toEqual([present]);
  });
});

function bytesOf(sealed: string): Buffer {
  return Buffer.from(sealed.split('.')[3] ?? '', 'base64url');
}
