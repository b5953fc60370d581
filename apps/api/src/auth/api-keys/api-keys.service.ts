import { ApiKeyEntity, UnitOfWork } from '@nexos/database';
import { hasScope, isId, SCOPES } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { findPage } from '../../http/find-page.js';
import type { PageQuery } from '../../http/page.js';
import { ApiError, notFound } from '../../http/problems/api-error.js';
import type { Principal } from '../principal.js';
import { ApiKeyVerifier } from './api-key-verifier.js';
import type { CreateApiKeyDto } from './dto/create-api-key.dto.js';
import { keepApiKey, makeApiKey } from './issue-api-key.js';

const MAX_KEYS = 100;

/** The API keys of one account. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly verifier: ApiKeyVerifier,
  ) {}

  /** @throws {ApiError} insufficient-scope, conflict when the account has as many keys as it may */
  async create(caller: Principal, dto: CreateApiKeyDto): Promise<{ key: ApiKeyEntity; plaintext: string }> {
    const missing = dto.scopes.find((scope) => !hasScope(caller.scopes, scope));
    if (missing !== undefined) {
      throw new ApiError('insufficient-scope', `A key cannot be given a scope that you lack: ${missing}.`);
    }
    const made = await makeApiKey({
      accountId: caller.accountId,
      name: dto.name.trim(),
      scopes: SCOPES.filter((scope) => dto.scopes.includes(scope)),
      expiresAt: dto.expires_at === undefined ? null : new Date(dto.expires_at),
    });
    const key = await this.unitOfWork.run(async ({ manager }) => {
      await refuseOneTooMany(manager, caller.accountId);
      return keepApiKey(manager, made);
    });
    return { key, plaintext: made.plaintext };
  }

  /** Those that were not revoked. One row more than was asked for, where there is one. */
  list(accountId: string, page: PageQuery): Promise<ApiKeyEntity[]> {
    return findPage(this.unitOfWork.manager, ApiKeyEntity, { accountId, revokedAt: IsNull() }, page);
  }

  /** @throws {ApiError} not-found, also for a key that was revoked before, or that is another account's */
  async revoke(accountId: string, id: string): Promise<void> {
    const [rows] = isId('apiKey', id)
      ? await this.unitOfWork.manager.query<[{ key_id: string }[], number]>(
          `UPDATE api_keys SET revoked_at = now()
           WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL RETURNING key_id`,
          [id, accountId],
        )
      : [[]];
    const revoked = rows[0];
    if (revoked === undefined) throw notFound('API key');
    this.verifier.forget(revoked.key_id);
  }
}

/**
 * Keys that work no more do not count. The account's row is locked, so that two that come at once do not both take the
 * last place.
 */
async function refuseOneTooMany(manager: EntityManager, accountId: string): Promise<void> {
  await manager.query('SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE', [accountId]);
  const [{ count } = { count: 0 }] = await manager.query<{ count: number }[]>(
    `SELECT count(*)::integer AS count FROM api_keys
     WHERE account_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [accountId],
  );
  if (count >= MAX_KEYS) {
    throw new ApiError('conflict', `There are ${MAX_KEYS} API keys already; revoke one that is not used.`);
  }
}
