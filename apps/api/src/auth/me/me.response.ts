import { type AccountEntity } from '@nexos/database';
import { PLAN_NAMES, type PlanName, type Scope, SCOPES } from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { IdProperty } from '../../http/openapi/id.property.js';
import { TimeProperty } from '../../http/openapi/time.property.js';

const CREDENTIALS = ['api_key', 'session'] as const;

/** The credential that authenticated the request. */
export class CredentialResponse {
  @ApiProperty({ enum: CREDENTIALS })
  type!: (typeof CREDENTIALS)[number];

  @ApiProperty({ example: 'key_01k00000000000000000000000' })
  id!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, example: ['read'] })
  scopes!: Scope[];

  @ApiProperty({
    type: 'string',
    isArray: true,
    nullable: true,
    description: 'The projects that the key is limited to; null for all of the account.',
    example: null,
  })
  project_ids!: string[] | null;

  @TimeProperty({ nullable: true })
  expires_at!: string | null;
}

/** The account that makes the request. */
export class MeResponse {
  @IdProperty('account')
  id!: string;

  @ApiProperty({ example: 'The Octocat' })
  name!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null, like `email` and `avatar_url`, for an account that does not sign in with GitHub.',
    example: 'octocat',
  })
  github_login!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'octocat@example.com' })
  email!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'https://example.com/octocat.png' })
  avatar_url!: string | null;

  @ApiProperty({ enum: PLAN_NAMES, example: 'pro' })
  plan!: PlanName;

  @ApiProperty()
  is_operator!: boolean;

  @TimeProperty()
  created_at!: string;

  @ApiProperty()
  credential!: CredentialResponse;
}

export function toMeResponse(account: AccountEntity, credential: CredentialResponse): MeResponse {
  return {
    id: account.id,
    name: account.name,
    github_login: account.githubLogin,
    email: account.email,
    avatar_url: account.avatarUrl,
    plan: account.plan,
    is_operator: account.isOperator,
    created_at: account.createdAt.toISOString(),
    credential,
  };
}
