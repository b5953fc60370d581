import type { LimitName, Limits } from './limits.js';

/** The limits of each plan. An operator can set single limits of an account besides. */
export const PLANS = {
  free: {
    max_projects: 3,
    max_cpu: 4,
    max_memory_mb: 8_192,
    build_minutes: 500,
    concurrent_builds: 1,
    environments_per_project: 10,
    containers_per_environment: 4,
    variables_per_project: 100,
    webhooks_per_project: 5,
    log_retention_days: 14,
    audit_retention_days: 90,
  },
  pro: {
    max_projects: 25,
    max_cpu: 64,
    max_memory_mb: 131_072,
    build_minutes: 5_000,
    concurrent_builds: 4,
    environments_per_project: 100,
    containers_per_environment: 16,
    variables_per_project: 500,
    webhooks_per_project: 20,
    log_retention_days: 90,
    audit_retention_days: 365,
  },
  enterprise: {
    max_projects: 500,
    max_cpu: 1_024,
    max_memory_mb: 2_097_152,
    build_minutes: 100_000,
    concurrent_builds: 20,
    environments_per_project: 1_000,
    containers_per_environment: 16,
    variables_per_project: 500,
    webhooks_per_project: 20,
    log_retention_days: 365,
    audit_retention_days: 1_095,
  },
  /** For the people who run the machines: only the hard limits of Nexos apply. */
  operator: {
    max_projects: 10_000,
    max_cpu: 10_000,
    max_memory_mb: 100_000_000,
    build_minutes: 10_000_000,
    concurrent_builds: 1_000,
    environments_per_project: 100_000,
    containers_per_environment: 1_000,
    variables_per_project: 10_000,
    webhooks_per_project: 1_000,
    log_retention_days: 3_650,
    audit_retention_days: 3_650,
  },
} as const satisfies Record<string, Limits>;

export type PlanName = keyof typeof PLANS;
export const PLAN_NAMES = Object.keys(PLANS) as PlanName[];

/** Single limits of an account, which win over those of its plan. */
export type OwnLimits = Readonly<Partial<Record<LimitName, number>>>;

/** Returns the limits that apply to an account. */
export function limitsOf(plan: PlanName, own: OwnLimits): Limits {
  return { ...PLANS[plan], ...own };
}
