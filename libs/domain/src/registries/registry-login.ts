import { registryOf } from '../dockerfile/public-sources.js';

/** A user of a registry. The password is secret. */
export interface RegistryUser {
  readonly user: string;
  readonly password: string;
}

/** A user with the registry, `host[:port]`. */
export interface RegistryLogin extends RegistryUser {
  readonly host: string;
}

export const MAX_REGISTRIES = 20;
/** Keys of cloud registries, as JSON, have up to 2,400 characters. */
export const MAX_REGISTRY_PASSWORD = 8_192;
const MAX_HOST = 255;
const MAX_USER = 255;
const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;
const PRINTABLE = /^[^\p{Cc}\p{Cs}]+$/u;
const TEXT = /^[^\0\p{Cs}]+$/u;

/** The names under which Docker Hub is reached. */
const DOCKER_HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'];

/** Returns the name under which credentials for a registry are kept: Docker Hub is `docker.io`. */
export function registryHost(host: string): string {
  const name = host.toLowerCase();
  return DOCKER_HUB.includes(name) ? 'docker.io' : name;
}

/** Returns that name for the registry of an image. */
export function registryOfImage(image: string): string {
  return registryHost(registryOf(image) ?? 'docker.io');
}

/*
 * Each rule returns why a value is invalid, as the end of a sentence that begins with its field; null if it is valid.
 * None quotes the value: it may be a secret in the wrong place.
 */

export function registryHostProblem(host: unknown): string | null {
  const isHost = typeof host === 'string' && host.length <= MAX_HOST && HOST.test(host);
  return isHost ? null : 'must be host[:port] of a registry, such as ghcr.io, without a scheme or a path';
}

/** Basic authentication ends the user at the first colon (RFC 7617). */
export function registryUserProblem(user: unknown): string | null {
  const isUser = typeof user === 'string' && user.length <= MAX_USER && PRINTABLE.test(user);
  if (!isUser) return `must have 1 to ${MAX_USER} characters, and no control characters`;
  return user.includes(':') ? 'must not contain a colon' : null;
}

export function registryPasswordProblem(password: unknown): string | null {
  const isPassword =
    typeof password === 'string' && password.length <= MAX_REGISTRY_PASSWORD && TEXT.test(password);
  return isPassword ? null : `must have 1 to ${MAX_REGISTRY_PASSWORD} characters of Unicode text without NUL`;
}
