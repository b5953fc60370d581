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

  @ApiProperty({
    type: 'string',
    isArray: true,
    nullable: true,
    description: 'The projects that it is limited to; null for all of the account.',
    example: null,
  })
  project_ids!: string[] | null;

  @TimeProperty()
  created_at!: string;

  @TimeProperty({ nullable: true, description: 'Accurate to the minute; null before the first use.' })
  last_used_at!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: "The client's address at that use. Behind a reverse proxy, `TRUSTED_PROXIES` must be set.",
    example: '192.0.2.7',
  })
  last_used_address!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'At most 200 characters.',
    example: 'curl/8.5.0',
  })
  last_used_user_agent!: string | null;

  @TimeProperty({ nullable: true })
  expires_at!: string | null;
}

export function toApiKeyResponse(key: ApiKeyEntity): ApiKeyResponse {
  return {
    id: key.id,
    name: key.name,
    prefix: `nxs_${key.keyId}`,
    scopes: key.scopes,
    project_ids: key.projectIds,
    created_at: key.createdAt.toISOString(),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    last_used_address: key.lastUsedAddress,
    last_used_user_agent: key.lastUsedUserAgent,
    expires_at: key.expiresAt?.toISOString() ?? null,
  };
}
