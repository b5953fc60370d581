import { type ApiKeyEntity, UnitOfWork } from '@nexos/database';
import { hasScope, isId, SCOPES } from '@nexos/domain';
import { ApiKeysRepository, ProjectsRepository, recordAudit } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../../http/page.js';
import { ApiError, notFound, refused } from '../../http/problems/api-error.js';
import { AccountTurns } from '../../http/turns/account-turns.js';
import type { Principal } from '../principal.js';
import { ApiKeyVerifier } from './api-key-verifier.js';
import { auditedApiKey } from './audited-api-key.js';
import type { CreateApiKeyDto } from './dto/create-api-key.dto.js';
import { prepareApiKey } from './issue-api-key.js';

const MAX_KEYS = 100;

/** The API keys of one account. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly turns: AccountTurns,
    private readonly keys: ApiKeysRepository,
    private readonly projects: ProjectsRepository,
    private readonly verifier: ApiKeyVerifier,
  ) {}

  /**
   * Creates a key, which may do no more than its creator and expires no later.
   *
   * @throws {ApiError} insufficient-scope; validation, for a project of another account or an expiry after the creator's;
   *   conflict, when the account has the maximum number of keys
   */
  async create(caller: Principal, dto: CreateApiKeyDto): Promise<{ key: ApiKeyEntity; plaintext: string }> {
    const missing = dto.scopes.find((scope) => !hasScope(caller.scopes, scope));
    if (missing !== undefined) {
      throw new ApiError(
        'insufficient-scope',
        `An API key cannot have the scope ${missing}, which its creator lacks. Leave it out of scopes.`,
      );
    }
    await this.assertOwned(caller.accountId, dto.project_ids ?? []);
    const expiresAt = expiryOf(caller, dto);
    const prepared = await prepareApiKey({
      accountId: caller.accountId,
      name: dto.name.trim(),
      scopes: SCOPES.filter((scope) => dto.scopes.includes(scope)),
      projectIds: dto.project_ids ?? null,
      expiresAt,
    });
    const key = await this.turns.run(caller.accountId, async (transaction) => {
      const created = await this.keys.insertWithinLimit(prepared.row, MAX_KEYS);
      if (created === null) {
        throw new ApiError(
          'conflict',
          `The account already has the maximum of ${MAX_KEYS} API keys. Revoke one that you no longer use.`,
        );
      }
      const after = auditedApiKey(created);
      await recordAudit(transaction, { action: 'api_key.create', subject: created.id, after });
      return created;
    });
    return { key, plaintext: prepared.plaintext };
  }

  private async assertOwned(accountId: string, projectIds: readonly string[]): Promise<void> {
    if (projectIds.length === 0) return;
    const owned = new Set(await this.projects.ownedAmong(accountId, projectIds));
    const message = 'must be the id of a project of this account';
    const errors = projectIds.flatMap((id, i) =>
      owned.has(id) ? [] : [{ field: `project_ids.${i}`, message }],
    );
    if (errors.length > 0) throw refused(errors);
  }

  /** Returns the keys that are not revoked, plus one extra row if there is a next page. */
  list(accountId: string, page: PageQuery): Promise<ApiKeyEntity[]> {
    return this.keys.page(accountId, page);
  }

  /** @throws {ApiError} not-found, also for a key that is already revoked or belongs to another account */
  async revoke(accountId: string, id: string): Promise<void> {
    await this.unitOfWork.run(async (transaction) => {
      const key = isId('apiKey', id) ? await this.keys.revoke(accountId, id) : null;
      if (key === null) throw notFound('API key');
      const before = auditedApiKey(key);
      await recordAudit(transaction, { action: 'api_key.revoke', subject: id, before });
      transaction.afterCommit(() => this.verifier.forget(key.keyId));
    });
  }
}

/** Returns when a new key expires: by default with the key that creates it, and never later. */
function expiryOf({ expiresAt: latest }: Principal, { expires_at }: CreateApiKeyDto): Date | null {
  if (expires_at === undefined) return latest ?? null;
  const expiresAt = new Date(expires_at);
  if (latest === undefined || expiresAt <= latest) return expiresAt;
  const message = `must not be after ${latest.toISOString()}, when the API key of this request expires`;
  throw refused([{ field: 'expires_at', message }]);
}
