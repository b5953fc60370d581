/** Reserved names, in addition to all that begin with `NEXOS_`. */
export const RESERVED_VARIABLES: readonly string[] = [
  'PORT',
  'DATABASE_URL',
  'REDIS_URL',
  'S3_ENDPOINT',
  'S3_REGION',
  'S3_BUCKET',
  'S3_ACCESS_KEY',
  'S3_SECRET_KEY',
];

/** Returns whether Nexos sets the variable itself, so that a user's value would have no effect. */
export function isReservedVariable(name: string): boolean {
  return RESERVED_VARIABLES.includes(name) || name.startsWith('NEXOS_');
}
