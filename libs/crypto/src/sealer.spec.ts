import { describe, expect, it } from 'vitest';
import { UnsealError, Sealer } from './sealer.js';

const OLD = Buffer.alloc(32, 1).toString('base64');
const NEW = Buffer.alloc(32, 2).toString('base64');

describe('Sealer', () => {
  const sealer = new Sealer({ key: NEW, oldKeys: [] });

  it.each(['', 'a secret', 'ünïcödé 🚀', 'x'.repeat(100_000)])('decrypts what it encrypted: %#', (text) => {
    const sealed = sealer.seal(text, 'env_vars/var_1');
    expect(sealer.open(sealed, 'env_vars/var_1')).toBe(text);
    if (text !== '') expect(sealed).not.toContain(text);
  });

  it('encrypts the same text differently each time', () => {
    expect(sealer.seal('a', 'row')).not.toBe(sealer.seal('a', 'row'));
  });

  it('rejects a value that belongs to another row or was altered', () => {
    const sealed = sealer.seal('a secret', 'row');
    expect(() => sealer.open(sealed, 'another row')).toThrow(UnsealError);
    for (let place = 0; place < sealed.length; place++) {
      const other = sealed[place] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, place) + other + sealed.slice(place + 1);
      // The last base64 character may contain unused bits.
      if (Buffer.from(changed.split('.')[3] ?? '', 'base64url').equals(bytesOf(sealed))) continue;
      expect(() => sealer.open(changed, 'row')).toThrow(UnsealError);
    }
    for (const broken of ['', 'v1', 'v1.x', 'v1...', 'v2.a.b.c', sealed.slice(0, -30)]) {
      expect(() => sealer.open(broken, 'row')).toThrow(UnsealError);
    }
  });

  it('decrypts with an old key while it is configured, and encrypts with the current one', () => {
    const sealed = new Sealer({ key: OLD, oldKeys: [] }).seal('a secret', 'row');
    const both = new Sealer({ key: NEW, oldKeys: [OLD] });
    expect(both.open(sealed, 'row')).toBe('a secret');
    expect(both.isCurrent(sealed)).toBe(false);
    expect(both.isCurrent(both.seal('a secret', 'row'))).toBe(true);
    expect(() => sealer.open(sealed, 'row')).toThrow(/ENCRYPTION_KEYS_OLD/);
  });

  it('derives keys that differ by purpose and by key', () => {
    const [current, old] = new Sealer({ key: NEW, oldKeys: [OLD] }).deriveKeys('a');
    expect(current).toHaveLength(32);
    expect(current).not.toEqual(old);
    expect(sealer.deriveKeys('a')).toEqual([current]);
    expect(sealer.deriveKeys('b')).not.toEqual([current]);
  });
});

function bytesOf(sealed: string): Buffer {
  return Buffer.from(sealed.split('.')[3] ?? '', 'base64url');
}
