import { type EnvVarEntity } from '@nexos/database';
import { BUILD_USES, type BuildUse } from '@nexos/domain';
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

  @ApiProperty({ description: 'Whether logs show `[redacted]` in place of the value.', example: true })
  secret!: boolean;

  @ApiProperty({
    enum: BUILD_USES,
    nullable: true,
    description: 'Whether builds get it: as a secret, as a build argument, or not at all (null).',
    example: 'secret',
  })
  build!: BuildUse | null;

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
    secret: row.isSecret,
    build: row.build,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
