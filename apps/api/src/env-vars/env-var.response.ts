import { type EnvVarEntity } from '@nexos/database';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** The same for every value, so that not even its length is revealed. */
const MASK = '********';

/** An environment variable in a response, without its value. */
export class EnvVarResponse {
  @IdProperty('envVar')
  id!: string;

  @ApiProperty({ example: 'API_TOKEN' })
  key!: string;

  @ApiProperty({ description: 'Always this mask; values are never returned.', example: MASK })
  value!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The branch, or glob of branches, that it applies to; null for all.',
    example: 'feature/*',
  })
  branch!: string | null;

  @TimeProperty()
  created_at!: string;

  @TimeProperty()
  updated_at!: string;
}

export function toEnvVarResponse(row: EnvVarEntity): EnvVarResponse {
  return {
    id: row.id,
    key: row.key,
    value: MASK,
    branch: row.branch === '' ? null : row.branch,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
