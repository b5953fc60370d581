/** The limits of an account. */
export interface PlanLimits {
  readonly max_projects: number;
  /** Cores, summed over all running environments. */
  readonly max_cpu: number;
  readonly max_memory_mb: number;
  /** Per calendar month, UTC. */
  readonly build_minutes: number;
}

export const PLANS = {
  free: { max_projects: 3, max_cpu: 4, max_memory_mb: 8_192, build_minutes: 500 },
  pro: { max_projects: 25, max_cpu: 64, max_memory_mb: 131_072, build_minutes: 5_000 },
  /** For the people who run the machines. */
  operator: { max_projects: 10_000, max_cpu: 10_000, max_memory_mb: 100_000_000, build_minutes: 10_000_000 },
} as const satisfies Record<string, PlanLimits>;

export type PlanName = keyof typeof PLANS;
