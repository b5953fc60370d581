import { type AccountUsage } from '@nexos/state';
import { type PlanLimits, type PlanName, PLANS } from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';

const PLAN_NAMES = Object.keys(PLANS) as PlanName[];

class UsageResponse {
  @ApiProperty({ type: 'integer', example: 12 })
  projects!: number;

  @ApiProperty({
    type: 'number',
    description: 'Total CPU of all running environments, in cores.',
    example: 14.5,
  })
  total_cpu!: number;

  @ApiProperty({
    type: 'integer',
    description: "Total memory of all running environments and of their projects' services, in MiB.",
    example: 29_696,
  })
  total_memory_mb!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Build minutes used in the current calendar month (UTC).',
    example: 2_340,
  })
  build_minutes_used!: number;
}

class LimitsResponse implements PlanLimits {
  @ApiProperty({ type: 'integer', example: 25 })
  max_projects!: number;

  @ApiProperty({ type: 'number', example: 64 })
  max_cpu!: number;

  @ApiProperty({ type: 'integer', example: 131_072 })
  max_memory_mb!: number;

  @ApiProperty({ type: 'integer', example: 5_000 })
  build_minutes!: number;
}

/** The usage and the limits of an account. */
export class QuotaResponse {
  @ApiProperty({ enum: PLAN_NAMES, example: 'pro' })
  plan!: PlanName;

  @ApiProperty()
  usage!: UsageResponse;

  @ApiProperty()
  limits!: LimitsResponse;
}

export function toQuotaResponse(plan: PlanName, usage: AccountUsage): QuotaResponse {
  return {
    plan,
    usage: {
      projects: usage.projects,
      total_cpu: usage.cpu,
      total_memory_mb: usage.memoryMb,
      build_minutes_used: usage.buildMinutes,
    },
    limits: PLANS[plan],
  };
}
