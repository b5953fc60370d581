import { generateApiKey, hashApiKeySecret, verifyApiKeySecret } from '@nexos/crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SecretChecks, TooManyChecksError } from './secret-checks.js';

vi.mock('@nexos/crypto', { spy: true });
const verify = vi.mocked(verifyApiKeySecret);
beforeEach(() => {
  verify.mockClear();
});

const { keyId, secret } = generateApiKey();
const secretHash = await hashApiKeySecret(secret);
const right = { digest: 'right', keyId, secret };
const wrong = (number: number) => ({ digest: `wrong ${number}`, keyId, secret: `wrong ${number}` });

describe('SecretChecks', () => {
  it('hashes each secret once a minute, right or wrong', async () => {
    const checks = new SecretChecks();
    for (let i = 0; i < 3; i++) {
      expect(await checks.matches(right, secretHash)).toBe(true);
      expect(await checks.matches(wrong(1), secretHash)).toBe(false);
    }
    expect(verify).toHaveBeenCalledTimes(2);
    const later = performance.now() + 60_000;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(later);
    expect(checks.isKnownToMatch('right', secretHash)).toBe(false);
    clock.mockRestore();
  });

  it('hashes a secret once for concurrent checks', async () => {
    const checks = new SecretChecks();
    const answers = await Promise.all(Array.from({ length: 20 }, () => checks.matches(right, secretHash)));
    expect(new Set(answers)).toEqual(new Set([true]));
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('does not accept a secret that matched a different hash', async () => {
    const checks = new SecretChecks();
    await checks.matches(right, secretHash);
    expect(checks.isKnownToMatch('right', 'another hash')).toBe(false);
  });

  it('limits the concurrent checks of one key and accepts more once they have finished', async () => {
    const checks = new SecretChecks();
    const tried = await Promise.allSettled(
      Array.from({ length: 10 }, (_, number) => checks.matches(wrong(number), secretHash)),
    );
    expect(verify).toHaveBeenCalledTimes(4);
    const refused = tried.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused).toHaveLength(6);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(TooManyChecksError);
    expect(await checks.matches(right, secretHash)).toBe(true);
  });
});
