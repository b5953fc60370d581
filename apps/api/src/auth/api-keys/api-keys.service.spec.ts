import { hashApiKeySecret } from '@nexos/crypto';
import { type UnitOfWork } from '@nexos/database';
import { type ApiKeysRepository, type ProjectsRepository } from '@nexos/state';
import { expect, it, vi } from 'vitest';
import type { AccountTurns } from '../../http/turns/account-turns.js';
import type { Principal } from '../principal.js';
import type { ApiKeyVerifier } from './api-key-verifier.js';
import { ApiKeysService } from './api-keys.service.js';

vi.mock('@nexos/crypto', { spy: true });

it('hashes a new API key before locking the account, so that no other request waits for the hash', async () => {
  const insertWithinLimit = vi.fn(() => Promise.reject(new Error('nothing is stored here')));
  const service = new ApiKeysService(
    {} as UnitOfWork,
    { run: (_: string, work: () => unknown) => work() } as unknown as AccountTurns,
    { insertWithinLimit } as unknown as ApiKeysRepository,
    {} as ProjectsRepository,
    {} as ApiKeyVerifier,
  );
  const caller: Principal = { accountId: 'user_1', scopes: ['admin'], via: 'api-key', credentialId: 'key_1' };
  await expect(service.create(caller, { name: 'ci', scopes: ['read'] })).rejects.toThrow('nothing is stored');
  expect(vi.mocked(hashApiKeySecret)).toHaveBeenCalledTimes(1);
  expect(insertWithinLimit).toHaveBeenCalledTimes(1);
  expect(vi.mocked(hashApiKeySecret).mock.settledResults[0]?.type).toBe('fulfilled');
});
