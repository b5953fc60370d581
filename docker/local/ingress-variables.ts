import { SetupError, messageOf } from './setup-error.mjs';

/** The variables that HAProxy's configuration reads. */
const NAMES = [
  'PUBLIC_SCHEME',
  'INGRESS_TRUSTED_PROXIES',
  'INGRESS_PROXY_PROTOCOL',
  'INGRESS_MAX_CONNECTIONS',
  'INGRESS_MAX_CONNECTIONS_PER_HOST',
];

/**
 * Returns the variables of HAProxy's container, as `NAME=value`.
 *
 * @throws SetupError when a value is invalid, since HAProxy would not start or would ignore it
 */
export async function ingressVariables(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const given = NAMES.filter((name) => environment[name]);
  if (given.length === 0) return [];
  // Loaded on demand: setup is quick, and most installations set none of them.
  const { IngressConfig, loadConfig } = await import('@nexos/config');
  try {
    loadConfig({ ingress: IngressConfig }, environment);
  } catch (error) {
    throw new SetupError(messageOf(error));
  }
  return given.map((name) => `${name}=${environment[name]}`);
}
