import { registryOfImage, type RegistryUser } from '@nexos/domain';

/** Users by registry: `host[:port]`, as `registryHost` returns it. */
export type RegistryCredentials = ReadonlyMap<string, RegistryUser>;

export const NO_CREDENTIALS: RegistryCredentials = new Map();

/**
 * Returns what the engine expects in `X-Registry-Auth`, which it requires even without credentials.
 *
 * @param image whose registry it is for
 */
export function registryAuth(image: string, credentials: RegistryCredentials): { readonly base64: string } {
  const host = registryOfImage(image);
  const found = credentials.get(host);
  const auth =
    found === undefined ? {} : { username: found.user, password: found.password, serveraddress: host };
  return { base64: Buffer.from(JSON.stringify(auth)).toString('base64url') };
}
