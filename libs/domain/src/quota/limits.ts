/** A limit of an account: what it counts, and the values that an operator may set. */
export interface LimitRules {
  /** What is limited, as the subject of a message. */
  readonly what: string;
  readonly description: string;
  readonly kind: 'integer' | 'number';
  readonly least: number;
}

/** The largest value of a limit. */
export const MAX_LIMIT = 1_000_000_000;

/** Every limit of an account. */
export const LIMITS = {
  max_projects: {
    what: 'projects',
    description: 'Projects. One that is being deleted counts until it is gone.',
    kind: 'integer',
    least: 0,
  },
  max_cpu: {
    what: 'CPU cores',
    description: 'CPU cores of all active environments and of the services of their projects.',
    kind: 'number',
    least: 0,
  },
  max_memory_mb: {
    what: 'MiB of memory',
    description: 'Memory of all active environments and of the services of their projects, in MiB.',
    kind: 'integer',
    least: 0,
  },
  build_minutes: {
    what: 'build minutes',
    description: 'Build minutes in a period.',
    kind: 'integer',
    least: 0,
  },
  concurrent_builds: {
    what: 'concurrent builds',
    description: 'Builds that run at the same time.',
    kind: 'integer',
    least: 1,
  },
  environments_per_project: {
    what: 'environments of the project',
    description: 'Environments of one project, except those that are being destroyed.',
    kind: 'integer',
    least: 0,
  },
  containers_per_environment: {
    what: 'containers of the environment',
    description: 'Containers of one environment, the app included.',
    kind: 'integer',
    least: 1,
  },
  variables_per_project: {
    what: 'environment variables of the project',
    description: 'Environment variables of one project.',
    kind: 'integer',
    least: 0,
  },
  webhooks_per_project: {
    what: 'webhooks',
    description: 'Webhooks and channels of one project; the account itself may have as many besides.',
    kind: 'integer',
    least: 0,
  },
  log_retention_days: {
    what: 'days of build logs',
    description: 'Days for which the log of a finished deployment is kept.',
    kind: 'integer',
    least: 1,
  },
  audit_retention_days: {
    what: 'days of the audit log',
    description: 'Days for which a line of the audit log is kept.',
    kind: 'integer',
    least: 30,
  },
} as const satisfies Record<string, LimitRules>;

export type LimitName = keyof typeof LIMITS;
export const LIMIT_NAMES = Object.keys(LIMITS) as LimitName[];

/** A value for every limit. */
export type Limits = Readonly<Record<LimitName, number>>;

/** Returns why a value is invalid for a limit, as the end of a sentence that begins with its name; null if it is valid. */
export function limitProblem(name: LimitName, value: unknown): string | null {
  const { kind, least }: LimitRules = LIMITS[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number';
  if (kind === 'integer' && !Number.isInteger(value)) return 'must be a whole number';
  if (value < least) return `must be at least ${least}`;
  return value > MAX_LIMIT ? `must be at most ${MAX_LIMIT}` : null;
}
