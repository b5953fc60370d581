/** A limit of an account: what it counts, and the values that an operator may set. */
export interface LimitRules {
  /** What is limited, in the singular and the plural. */
  readonly one: string;
  readonly what: string;
  /** How to make room: the beginning of a sentence. */
  readonly advice: string;
  readonly description: string;
  readonly kind: 'integer' | 'number';
  readonly least: number;
}

/** The largest value of a limit. */
export const MAX_LIMIT = 1_000_000_000;

/** Every limit of an account. */
export const LIMITS = {
  max_projects: {
    one: 'project',
    what: 'projects',
    advice: 'Delete a project that is not needed',
    description: 'Projects. One that is being deleted counts until it is gone.',
    kind: 'integer',
    least: 0,
  },
  max_cpu: {
    one: 'CPU core',
    what: 'CPU cores',
    advice: 'Pause or destroy environments that are not needed, or lower cpu',
    description: 'CPU cores of all active environments and of the services of their projects.',
    kind: 'number',
    least: 0,
  },
  max_memory_mb: {
    one: 'MiB of memory',
    what: 'MiB of memory',
    advice: 'Pause or destroy environments that are not needed, or lower memory_mb',
    description: 'Memory of all active environments and of the services of their projects, in MiB.',
    kind: 'integer',
    least: 0,
  },
  build_minutes: {
    one: 'build minute',
    what: 'build minutes',
    advice: 'Deploy again next month',
    description: 'Build minutes in a period.',
    kind: 'integer',
    least: 0,
  },
  concurrent_builds: {
    one: 'concurrent build',
    what: 'concurrent builds',
    advice: 'Wait until a build ends',
    description: 'Builds that run at the same time.',
    kind: 'integer',
    least: 1,
  },
  environments_per_project: {
    one: 'environment of the project',
    what: 'environments of the project',
    advice: 'Destroy an environment of the project that is not needed',
    description: 'Environments of one project, except those that are being destroyed.',
    kind: 'integer',
    least: 0,
  },
  containers_per_environment: {
    one: 'container of the environment',
    what: 'containers of the environment',
    advice: 'Remove containers from the settings or from nexos.yaml',
    description: 'Containers of one environment, the app included.',
    kind: 'integer',
    least: 1,
  },
  variables_per_project: {
    one: 'environment variable of the project',
    what: 'environment variables of the project',
    advice: 'Delete variables that are not needed',
    description: 'Environment variables of one project.',
    kind: 'integer',
    least: 0,
  },
  webhooks_per_project: {
    one: 'webhook',
    what: 'webhooks',
    advice: 'Delete a webhook that is not needed',
    description: 'Webhooks and channels of one project; the account itself may have as many besides.',
    kind: 'integer',
    least: 0,
  },
  log_retention_days: {
    one: 'day of build logs',
    what: 'days of build logs',
    advice: 'Choose fewer days',
    description: 'Days for which the log of a finished deployment is kept.',
    kind: 'integer',
    least: 1,
  },
  audit_retention_days: {
    one: 'day of the audit log',
    what: 'days of the audit log',
    advice: 'Choose fewer days',
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
