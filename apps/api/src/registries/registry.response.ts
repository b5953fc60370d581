import { type RegistryEntity } from '@nexos/database';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** The same for every password, so that not even its length is revealed. */
const MASK = '********';

/** Credentials for a registry in a response, without the password. */
export class RegistryResponse {
  @IdProperty('registry')
  id!: string;

  @ApiProperty({ example: 'ghcr.io' })
  host!: string;

  @ApiProperty({ example: 'acme-bot' })
  user!: string;

  @ApiProperty({ description: 'Always this mask; passwords are never returned.', example: MASK })
  password!: string;

  @TimeProperty()
  created_at!: string;

  @TimeProperty()
  updated_at!: string;
}

export function toRegistryResponse(row: RegistryEntity): RegistryResponse {
  return {
    id: row.id,
    host: row.host,
    user: row.user,
    password: MASK,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
