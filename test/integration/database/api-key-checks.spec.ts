import { randomBytes } from 'node:crypto';
import { generateApiKey, verifyApiKeySecret } from '@nexos/crypto';
import { UnitOfWork } from '@nexos/database';
import { AccountsRepository, ApiKeysRepository } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { ApiKeyVerifier } from '../../../apps/api/src/auth/api-keys/api-key-verifier.js';
import { issueApiKey } from '../../../apps/api/src/auth/api-keys/issue-api-key.js';
import { LastUse } from '../../../apps/api/src/auth/api-keys/last-use.js';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';

vi.mock('@nexos/crypto', { spy: true });
const verify = vi.mocked(verifyApiKeySecret);

const CLIENT = { address: '192.0.2.1', userAgent: null };
const ATTEMPTS = 2_000;

let database: TestDatabase;
let accountId: string;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  const local = { name: 'owner', plan: 'free', isOperator: false } as const;
  accountId = await new AccountsRepository(unitOfWork()).ensureLocal(local);
});
afterAll(() => database.drop());
beforeEach(() => {
  verify.mockClear();
});

const unitOfWork = () => new UnitOfWork(database.dataSource);
const issue = () => issueApiKey(unitOfWork(), { accountId, name: 'k', scopes: ['read'], expiresAt: null });

/** A process that verifies keys, and how often it reads them. */
function startVerifier() {
  const work = unitOfWork();
  const reads = vi.spyOn(work, 'readPrepared');
  const keys = new ApiKeysRepository(work);
  return { verifier: new ApiKeyVerifier(keys, new LastUse(keys)), reads };
}
/** Returns the key with a wrong secret. */
const guess = (key: string) => key.slice(0, 21) + randomBytes(32).toString('base64url');
const tryAll = (verifier: ApiKeyVerifier, keys: readonly string[]) =>
  Promise.all(keys.map((key) => verifier.principalOf(key, CLIENT)));

describe('wrong keys', () => {
  it('with unknown ids cost a few reads for all, and right keys are admitted meanwhile', async () => {
    const key = await issue();
    const { verifier, reads } = startVerifier();
    const attack = tryAll(
      verifier,
      Array.from({ length: ATTEMPTS }, () => generateApiKey().plaintext),
    );
    expect(await verifier.principalOf(key, CLIENT)).toMatchObject({ accountId });
    expect(await attack).toEqual(Array(ATTEMPTS).fill(null));
    expect(reads.mock.calls.length).toBeLessThanOrEqual(10);
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('with a known id cost no hash, and right keys of others are admitted meanwhile', async () => {
    const attacked = await issue();
    const others = [await issue(), await issue()];
    const { verifier, reads } = startVerifier();
    const attack = tryAll(
      verifier,
      Array.from({ length: ATTEMPTS }, () => guess(attacked)),
    );
    for (const key of [...others, attacked]) {
      expect(await verifier.principalOf(key, CLIENT)).toMatchObject({ accountId });
    }
    expect(await attack).toEqual(Array(ATTEMPTS).fill(null));
    expect(reads.mock.calls.length).toBeLessThanOrEqual(10);
    expect(verify).toHaveBeenCalledTimes(3);
  });
});

describe('a key of an earlier version', () => {
  it('gets its fingerprint with its first use', async () => {
    const key = await issue();
    const keyId = key.slice(4, 20);
    const fingerprint = () =>
      database.rows<{ secret_fingerprint: string | null }>(
        'SELECT secret_fingerprint FROM api_keys WHERE key_id = $1',
        [keyId],
      );
    const [before] = await fingerprint();
    await database.dataSource.query('UPDATE api_keys SET secret_fingerprint = NULL WHERE key_id = $1', [
      keyId,
    ]);
    expect(await startVerifier().verifier.principalOf(guess(key), CLIENT)).toBeNull();
    expect(await fingerprint()).toEqual([{ secret_fingerprint: null }]);
    expect(await startVerifier().verifier.principalOf(key, CLIENT)).toMatchObject({ accountId });
    const stored = await eventually('the fingerprint', async () => {
      const [row] = await fingerprint();
      return row?.secret_fingerprint === null ? undefined : row;
    });
    expect(stored).toEqual(before);
  });
});
