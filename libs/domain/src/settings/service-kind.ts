/** The services that the environments of a project share; each environment has its own part. */
export const SERVICE_KINDS = ['postgres', 'redis', 's3'] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];
