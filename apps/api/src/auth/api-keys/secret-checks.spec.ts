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

describe('a secret', () => {
  it('costs one hash a minute, right or wrong', async () => {
    const checks = new SecretChecks();
    for (let i = 0; i < 3; i++) {
      expect(await checks.isRight(right, secretHash)).toBe(true);
      expect(await checks.isRight(wrong(1), secretHash)).toBe(false);
    }
    expect(verify).toHaveBeenCalledTimes(2);
    const later = performance.now() + 60_000;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(later);
    expect(checks.isKnownRight('right', secretHash)).toBe(false);
    clock.mockRestore();
  });

  it('costs one hash however many bring it at once', async () => {
    const checks = new SecretChecks();
    const answers = await Promise.all(Array.from({ length: 20 }, () => checks.isRight(right, secretHash)));
    expect(new Set(answers)).toEqual(new Set([true]));
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('that was right for another hash is not right for this one', async () => {
    const checks = new SecretChecks();
    await checks.isRight(right, secretHash);
    expect(checks.isKnownRight('right', 'another hash')).toBe(false);
  });

  it('is one of few that are tried on a key at once, and there is room again when they were', async () => {
    const checks = new SecretChecks();
    const tried = await Promise.allSettled(
      Array.from({ length: 10 }, (_, number) => checks.isRight(wrong(number), secretHash)),
    );
    expect(verify).toHaveBeenCalledTimes(4);
    const refused = tried.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused).toHaveLength(6);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(TooManyChecksError);
    expect(await checks.isRight(right, secretHash)).toBe(true);
  });
});
