import { AccountEntity, ApiKeyEntity, SessionEntity } from '@nexos/database';
import { Controller, Get } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Authenticated } from '../access.decorator.js';
import { Caller } from '../caller.decorator.js';
import type { Principal } from '../principal.js';
import { toMeResponse, type MeResponse } from './me.response.js';

@Controller('auth/me')
export class MeController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  @Authenticated('read')
  async get(@Caller() { accountId, credentialId: id, scopes, via }: Principal): Promise<MeResponse> {
    const { manager } = this.dataSource;
    const account = await manager.findOneByOrFail(AccountEntity, { id: accountId });
    const credential = await manager.findOneByOrFail<ApiKeyEntity | SessionEntity>(
      via === 'session' ? SessionEntity : ApiKeyEntity,
      { id },
    );
    return toMeResponse(account, {
      type: via === 'session' ? 'session' : 'api_key',
      id,
      scopes: [...scopes],
      expires_at: credential.expiresAt?.toISOString() ?? null,
    });
  }
}
