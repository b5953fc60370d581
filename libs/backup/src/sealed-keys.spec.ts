import { describe, expect, it } from 'vitest';
import { openKeys, sealKeys } from './sealed-keys.js';

const KEYS = { variables: { ENCRYPTION_KEY: 'the key' }, files: { 'proxy.pem': 'UEVN' } };
const sealed = sealKeys(KEYS, 'a long passphrase');

describe('sealed keys', () => {
  it('are opened by their passphrase alone', () => {
    expect(openKeys(sealed, 'a long passphrase')).toEqual(KEYS);
    expect(() => openKeys(sealed, 'another passphrase')).toThrow('does not open');
    expect(sealed.toString('latin1')).not.toContain('the key');
  });

  it.each([0, 20, 35, 60])('are refused when the byte at %d was altered', (at) => {
    const altered = Buffer.from(sealed);
    altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
    expect(() => openKeys(altered, 'a long passphrase')).toThrow('does not open');
  });
});
