import { type ApiKeyEntity } from '@nexos/database';
import { type Scope, SCOPES } from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { IdProperty } from '../../http/openapi/id.property.js';
import { TimeProperty } from '../../http/openapi/time.property.js';

/** An API key in a response, without its secret. */
export class ApiKeyResponse {
  @IdProperty('apiKey')
  id!: string;

  @ApiProperty({ example: 'ci' })
  name!: string;

  @ApiProperty({
    description: 'The beginning of the key: `nxs_` and the part that is not secret.',
    example: 'nxs_0123456789abcdef',
  })
  prefix!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, example: ['read', 'write'] })
  scopes!: Scope[];

  @TimeProperty()
  created_at!: string;

  @TimeProperty({ nullable: true, description: 'Accurate to the minute; null before the first use.' })
  last_used_at!: string | null;

  @TimeProperty({ nullable: true })
  expires_at!: string | null;
}

export function toApiKeyResponse(key: ApiKeyEntity): ApiKeyResponse {
  return {
    id: key.id,
    name: key.name,
    prefix: `nxs_${key.keyId}`,
    scopes: key.scopes,
    created_at: key.createdAt.toISOString(),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    expires_at: key.expiresAt?.toISOString() ?? null,
  };
}
