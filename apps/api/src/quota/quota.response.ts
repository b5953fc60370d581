import type { Usage } from '@nexos/database';
import { PLANS, type PlanLimits, type PlanName } from '@nexos/domain';

/** What an account uses and may use. */
export interface QuotaResponse {
  plan: PlanName;
  usage: {
    projects: number;
    /** Cores of all environments that run. */
    total_cpu: number;
    total_memory_mb: number;
    /** In this calendar month, UTC. */
    build_minutes_used: number;
  };
  limits: PlanLimits;
}

export function toQuotaResponse(plan: PlanName, usage: Usage): QuotaResponse {
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
