/** Beside all names that begin with `NEXOS_`. */
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

/** Names that Nexos itself tells an app; a user's variable of that name would win over none of them. */
export function isReservedVariable(name: string): boolean {
  return RESERVED_VARIABLES.includes(name) || name.startsWith('NEXOS_');
}
