import { AccountsRepository, ApiKeysRepository, SessionsRepository } from '@nexos/state';
import { Controller, Get } from '@nestjs/common';
import { WritesNothing } from '../../audit/writes.decorator.js';
import { Operation } from '../../http/openapi/operation.decorator.js';
import { ApiError } from '../../http/problems/api-error.js';
import { Authenticated } from '../access.decorator.js';
import { Caller } from '../caller.decorator.js';
import { AcceptsProjectKeys } from '../project-keys.decorator.js';
import type { Principal } from '../principal.js';
import { MeResponse, toMeResponse } from './me.response.js';

@Controller('auth/me')
@WritesNothing()
export class MeController {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly keys: ApiKeysRepository,
    private readonly sessions: SessionsRepository,
  ) {}

  @Get()
  @AcceptsProjectKeys()
  @Authenticated('read')
  @Operation({ summary: 'Get current authenticated user', response: MeResponse })
  async get(
    @Caller() { accountId, credentialId: id, scopes, projectIds, via }: Principal,
  ): Promise<MeResponse> {
    const account = await this.accounts.find(accountId);
    const credential = via === 'session' ? await this.sessions.find(id) : await this.keys.find(id);
    // The caller was authenticated from a cache, up to half a second old.
    if (account === null || credential === null) {
      throw new ApiError(
        'unauthenticated',
        'The account or the credential no longer exists. Use another credential.',
      );
    }
    return toMeResponse(account, {
      type: via === 'session' ? 'session' : 'api_key',
      id,
      scopes: [...scopes],
      project_ids: projectIds === undefined ? null : [...projectIds],
      expires_at: credential.expiresAt?.toISOString() ?? null,
    });
  }
}
