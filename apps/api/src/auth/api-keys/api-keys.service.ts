import { type ApiKeyEntity } from '@nexos/database';
import { hasScope, isId, SCOPES } from '@nexos/domain';
import { ApiKeysRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../../http/page.js';
import { ApiError, notFound } from '../../http/problems/api-error.js';
import type { Principal } from '../principal.js';
import { ApiKeyVerifier } from './api-key-verifier.js';
import type { CreateApiKeyDto } from './dto/create-api-key.dto.js';
import { makeApiKey } from './issue-api-key.js';

const MAX_KEYS = 100;

/** The API keys of one account. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly keys: ApiKeysRepository,
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
    const key = await this.keys.insertUnlessTooMany(made.row, MAX_KEYS);
    if (key === null) {
      throw new ApiError('conflict', `There are ${MAX_KEYS} API keys already; revoke one that is not used.`);
    }
    return { key, plaintext: made.plaintext };
  }

  /** Those that were not revoked. One row more than was asked for, where there is one. */
  list(accountId: string, page: PageQuery): Promise<ApiKeyEntity[]> {
    return this.keys.page(accountId, page);
  }

  /** @throws {ApiError} not-found, also for a key that was revoked before, or that is another account's */
  async revoke(accountId: string, id: string): Promise<void> {
    const keyId = isId('apiKey', id) ? await this.keys.revoke(accountId, id) : null;
    if (keyId === null) throw notFound('API key');
    this.verifier.forget(keyId);
  }
}
