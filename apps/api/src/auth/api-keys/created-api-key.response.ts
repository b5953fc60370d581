import { type ApiKeyEntity } from '@nexos/database';
import { type Scope, SCOPES } from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { IdProperty } from '../../http/openapi/id.property.js';
import { TimeProperty } from '../../http/openapi/time.property.js';
import { toApiKeyResponse } from './api-key.response.js';

/** A new API key, shown once to its creator. */
export class CreatedApiKeyResponse {
  @IdProperty('apiKey')
  id!: string;

  @ApiProperty({ example: 'ci' })
  name!: string;

  @ApiProperty({
    description: 'The key itself, to be sent as `Authorization: Bearer …`. It cannot be retrieved again.',
    example: 'nxs_0123456789abcdef_…',
  })
  key!: string;

  @ApiProperty({ example: 'nxs_0123456789abcdef' })
  prefix!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, example: ['read', 'write'] })
  scopes!: Scope[];

  @ApiProperty({ type: 'string', isArray: true, nullable: true, example: null })
  project_ids!: string[] | null;

  @TimeProperty()
  created_at!: string;

  @TimeProperty({ nullable: true })
  expires_at!: string | null;
}

export function toCreatedApiKeyResponse(key: ApiKeyEntity, plaintext: string): CreatedApiKeyResponse {
  const { id, name, prefix, scopes, project_ids, created_at, expires_at } = toApiKeyResponse(key);
  return { id, name, key: plaintext, prefix, scopes, project_ids, created_at, expires_at };
}
