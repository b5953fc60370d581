import { type ReservedUsage } from '@nexos/state';
import {
  BUILD_MINUTES_LEVELS,
  type BuildMinutesLevel,
  buildMinutesLevel,
  buildMinutesOf,
  LIMITS,
  type Limits,
  PLAN_NAMES,
  type PlanName,
  type QuotaPeriod,
} from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

class UsageResponse {
  @ApiProperty({ type: 'integer', example: 12 })
  projects!: number;

  @ApiProperty({
    type: 'number',
    description:
      'CPU cores of all active environments, and of the services of their projects. During a deployment, an environment counts once, with the larger one of its versions.',
    example: 14.5,
  })
  total_cpu!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Memory in MiB, counted in the same way.',
    example: 29_696,
  })
  total_memory_mb!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Build minutes used in the period, running builds included. Only the sum is rounded up.',
    example: 2_340,
  })
  build_minutes_used!: number;
}

type MainLimits = Pick<Limits, 'max_projects' | 'max_cpu' | 'max_memory_mb' | 'build_minutes'>;

class LimitsResponse implements MainLimits {
  @ApiProperty({ type: 'integer', example: 25, description: LIMITS.max_projects.description })
  max_projects!: number;

  @ApiProperty({ type: 'number', example: 64, description: LIMITS.max_cpu.description })
  max_cpu!: number;

  @ApiProperty({ type: 'integer', example: 131_072, description: LIMITS.max_memory_mb.description })
  max_memory_mb!: number;

  @ApiProperty({ type: 'integer', example: 5_000, description: LIMITS.build_minutes.description })
  build_minutes!: number;
}

class PeriodResponse {
  @TimeProperty({ description: 'The start of the period, in which build minutes are counted.' })
  start!: string;

  @TimeProperty({ description: 'The end of the period, when the next one begins.' })
  end!: string;
}

/** The usage and the limits of an account. */
export class QuotaResponse {
  @ApiProperty({ enum: PLAN_NAMES, example: 'pro' })
  plan!: PlanName;

  @ApiProperty()
  period!: PeriodResponse;

  @ApiProperty()
  usage!: UsageResponse;

  @ApiProperty()
  limits!: LimitsResponse;

  @ApiProperty({
    enum: BUILD_MINUTES_LEVELS,
    description:
      'From 80 % of the build minutes on `nearly_used_up`, from 100 % on `used_up`: no new build starts until the next period.',
    example: 'ok',
  })
  build_minutes_level!: BuildMinutesLevel;
}

export function toQuotaResponse(
  plan: PlanName,
  { max_projects, max_cpu, max_memory_mb, build_minutes }: Limits,
  usage: ReservedUsage & { readonly buildSeconds: number },
  { start, end }: QuotaPeriod,
): QuotaResponse {
  return {
    plan,
    period: { start: start.toISOString(), end: end.toISOString() },
    usage: {
      projects: usage.projects,
      total_cpu: usage.cpu,
      total_memory_mb: usage.memoryMb,
      build_minutes_used: buildMinutesOf(usage.buildSeconds),
    },
    limits: { max_projects, max_cpu, max_memory_mb, build_minutes },
    build_minutes_level: buildMinutesLevel(usage.buildSeconds, build_minutes),
  };
}
