import { apiKeyFingerprint, generateApiKey, hashApiKeySecret, verifyApiKeySecret } from '@nexos/crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SecretChecks, TooManyChecksError } from './secret-checks.js';

vi.mock('@nexos/crypto', { spy: true });
const verify = vi.mocked(verifyApiKeySecret);
beforeEach(() => {
  verify.mockClear();
});

const { keyId, secret } = generateApiKey();
const secretHash = await hashApiKeySecret(secret);
/** As of a key of an earlier version. */
const unmarked = { secretHash, secretFingerprint: null };
const marked = { secretHash, secretFingerprint: apiKeyFingerprint(secret) };
const right = { digest: 'right', keyId, secret };
const wrong = (number: number) => ({ digest: `wrong ${number}`, keyId, secret: `wrong ${number}` });

describe('SecretChecks', () => {
  it('hashes a right secret once a minute, and a wrong one never', async () => {
    const checks = new SecretChecks();
    for (let i = 0; i < 3; i++) {
      expect(await checks.matches(right, marked)).toBe(true);
      expect(await checks.matches(wrong(i), marked)).toBe(false);
    }
    expect(verify).toHaveBeenCalledTimes(1);
    const later = performance.now() + 60_000;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(later);
    expect(checks.isKnownToMatch('right', secretHash)).toBe(false);
    clock.mockRestore();
  });

  it('hashes a secret once for concurrent checks', async () => {
    const checks = new SecretChecks();
    const answers = await Promise.all(Array.from({ length: 20 }, () => checks.matches(right, marked)));
    expect(new Set(answers)).toEqual(new Set([true]));
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('does not accept a secret that matched a different hash', async () => {
    const checks = new SecretChecks();
    await checks.matches(right, marked);
    expect(checks.isKnownToMatch('right', 'another hash')).toBe(false);
  });
});

describe('SecretChecks of a key without a fingerprint', () => {
  it('hashes each secret once a minute, right or wrong', async () => {
    const checks = new SecretChecks();
    for (let i = 0; i < 3; i++) {
      expect(await checks.matches(right, unmarked)).toBe(true);
      expect(await checks.matches(wrong(1), unmarked)).toBe(false);
    }
    expect(verify).toHaveBeenCalledTimes(2);
  });

  it('limits the checks of one key that run or wait, and accepts more once they have finished', async () => {
    const checks = new SecretChecks();
    const tried = await Promise.allSettled(
      Array.from({ length: 10 }, (_, number) => checks.matches(wrong(number), unmarked)),
    );
    expect(verify).toHaveBeenCalledTimes(2);
    const refused = tried.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused).toHaveLength(8);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(TooManyChecksError);
    expect(await checks.matches(right, unmarked)).toBe(true);
  });

  it('runs two hashes at a time for all keys, and the others in order of arrival', async () => {
    const checks = new SecretChecks();
    const others = Array.from({ length: 10 }, (_, number) =>
      checks.matches({ ...wrong(number), keyId: `key ${number}` }, unmarked),
    );
    const last = checks.matches(right, unmarked);
    expect(verify).toHaveBeenCalledTimes(2);
    expect(await last).toBe(true);
    expect(await Promise.all(others)).toEqual(Array(10).fill(false));
  });
});
