import type { RegistryUser } from '@nexos/domain';

/** Users by registry: `host[:port]`, as `registryHost` returns it. */
export type RegistryCredentials = ReadonlyMap<string, RegistryUser>;

export const NO_CREDENTIALS: RegistryCredentials = new Map();
