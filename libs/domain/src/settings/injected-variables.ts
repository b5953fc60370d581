import type { ServiceKind } from './service-kind.js';

interface ServiceVariables {
  /** Names that users cannot set. */
  readonly reserved: readonly string[];
  /** Names that a user's variable replaces. */
  readonly replaceable: readonly string[];
}

/** The variables that each service adds to an app. */
export const SERVICE_VARIABLES = {
  postgres: {
    reserved: ['DATABASE_URL'],
    replaceable: ['PGHOST', 'PGPORT', 'PGUSER', 'PGPASSWORD', 'PGDATABASE'],
  },
  redis: {
    reserved: ['REDIS_URL'],
    replaceable: ['REDIS_HOST', 'REDIS_PORT', 'REDIS_USERNAME', 'REDIS_PASSWORD', 'REDIS_DB'],
  },
  s3: {
    reserved: ['S3_ENDPOINT', 'S3_REGION', 'S3_BUCKET', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'],
    replaceable: [],
  },
} as const satisfies Record<ServiceKind, ServiceVariables>;

/** The variables that every app gets. */
export const APP_VARIABLES = [
  'PORT',
  'NEXOS_ENVIRONMENT',
  'NEXOS_BRANCH',
  'NEXOS_COMMIT',
  'NEXOS_URL',
] as const;

/** Variables of services whose values no log may show. */
const SECRET_VARIABLES: readonly string[] = [
  'DATABASE_URL',
  'PGPASSWORD',
  'REDIS_URL',
  'REDIS_PASSWORD',
  'S3_SECRET_KEY',
];

/** The names of a service's variables. */
export type ServiceVariable<Kind extends ServiceKind> = (typeof SERVICE_VARIABLES)[Kind][
  'reserved' | 'replaceable'][number];

const SERVICES: readonly ServiceVariables[] = Object.values(SERVICE_VARIABLES);
const INJECTED: readonly string[] = [
  ...APP_VARIABLES,
  ...SERVICES.flatMap(({ reserved, replaceable }) => [...reserved, ...replaceable]),
];

/** Reserved names, in addition to all that begin with `NEXOS_`. */
export const RESERVED_VARIABLES: readonly string[] = [
  'PORT',
  ...SERVICES.flatMap(({ reserved }) => reserved),
];

/** Returns whether Nexos sets the variable itself, so that a user's value would have no effect. */
export function isReservedVariable(name: string): boolean {
  return RESERVED_VARIABLES.includes(name) || name.startsWith('NEXOS_');
}

/** Returns whether a variable that Nexos sets, unless a user does, holds nothing secret. */
export function isPublicVariable(name: string): boolean {
  return name.startsWith('NEXOS_') || (INJECTED.includes(name) && !SECRET_VARIABLES.includes(name));
}

/** Returns the names of all variables that Nexos sets for an app with these services. */
export function injectedNames(services: Readonly<Record<ServiceKind, unknown>>): string[] {
  const kinds = (Object.keys(SERVICE_VARIABLES) as ServiceKind[]).filter((kind) => services[kind] !== false);
  return [
    ...APP_VARIABLES,
    ...kinds.flatMap((kind) => [...SERVICE_VARIABLES[kind].reserved, ...SERVICE_VARIABLES[kind].replaceable]),
  ];
}
