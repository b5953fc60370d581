import { describe, expect, it } from 'vitest';
import {
  apiKeyFingerprint,
  generateApiKey,
  hashApiKeySecret,
  parseApiKey,
  verifyApiKeySecret,
} from './api-key.js';

describe('API keys', () => {
  it('splits a generated key into its parts', () => {
    const { plaintext, keyId, secret } = generateApiKey();
    expect(parseApiKey(plaintext)).toEqual({ keyId, secret });
  });

  it.each([
    '',
    'nxs_',
    'nxs_0123456789abcdef_short',
    `xxx_0123456789abcdef_${'a'.repeat(43)}`,
    `nxs_0123456789ABCDEF_${'a'.repeat(43)}`,
  ])('rejects the malformed key %j', (text) => {
    expect(parseApiKey(text)).toBeNull();
  });

  it('stores an argon2id hash that only the same secret matches', async () => {
    const { secret } = generateApiKey();
    const hash = await hashApiKeySecret(secret);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,(t=2,p=1|p=1,t=2)\$/);
    expect(hash).not.toContain(secret);
    expect(await verifyApiKeySecret(hash, secret)).toBe(true);
    expect(await verifyApiKeySecret(hash, generateApiKey().secret)).toBe(false);
  });

  it('tells wrong secrets by 64 bits of the SHA-256', () => {
    const { secret } = generateApiKey();
    expect(apiKeyFingerprint(secret)).toMatch(/^[0-9a-f]{16}$/);
    expect(apiKeyFingerprint(secret)).toBe(apiKeyFingerprint(secret));
    expect(apiKeyFingerprint(generateApiKey().secret)).not.toBe(apiKeyFingerprint(secret));
  });
});
