import { type AccountEntity } from '@nexos/database';
import {
  type LimitName,
  LIMITS,
  type Limits,
  limitsOf,
  type OwnLimits,
  PLAN_NAMES,
  PLANS,
  type PlanName,
} from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';
import { limitsClass } from './limits-class.js';

const limitProperty =
  (required: boolean) =>
  (name: LimitName): PropertyDecorator => {
    const { kind, description } = LIMITS[name];
    return ApiProperty({ type: kind, description, required, example: PLANS.pro[name] });
  };

/** The limits that apply to an account. */
export class AccountLimitsResponse extends limitsClass<Limits>(limitProperty(true)) {}

/** The limits that an operator has set for an account. */
export class OwnLimitsResponse extends limitsClass<OwnLimits>(limitProperty(false)) {}

/** An account, as operators see it. */
export class AccountResponse {
  @IdProperty('account')
  id!: string;

  @ApiProperty({ example: 'The Octocat' })
  name!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null for an account that does not sign in with GitHub.',
    example: 'octocat',
  })
  github_login!: string | null;

  @ApiProperty()
  is_operator!: boolean;

  @ApiProperty({ enum: PLAN_NAMES, example: 'pro' })
  plan!: PlanName;

  @ApiProperty({ description: 'The limits that apply: those of the plan, and single ones instead.' })
  limits!: AccountLimitsResponse;

  @ApiProperty({ description: 'The single limits that an operator has set.' })
  own_limits!: OwnLimitsResponse;

  @TimeProperty()
  created_at!: string;
}

export function toAccountResponse(account: AccountEntity): AccountResponse {
  return {
    id: account.id,
    name: account.name,
    github_login: account.githubLogin,
    is_operator: account.isOperator,
    plan: account.plan,
    limits: limitsOf(account.plan, account.limits),
    own_limits: account.limits,
    created_at: account.createdAt.toISOString(),
  };
}
