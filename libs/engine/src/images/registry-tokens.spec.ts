import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RegistryTokens } from './registry-tokens.js';

describe('RegistryTokens', () => {
  it.each([
    ['nothing', ''],
    ['text', 'a secret that is no key'],
    [
      'a key without a certificate',
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ],
  ])('rejects %s, without quoting it', (_, pem) => {
    expect(() => RegistryTokens.fromPem(pem)).toThrow(
      'must contain a private key and its certificate, both as PEM',
    );
  });
});
