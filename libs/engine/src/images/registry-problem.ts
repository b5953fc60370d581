import { registryOfImage } from '@nexos/domain';

/** Why a registry did not deliver or take an image. */
export interface RegistryProblem {
  readonly kind: 'rate-limited' | 'unavailable' | 'timeout' | 'denied' | 'missing' | 'unknown-host' | 'other';
  /** The status of the registry's answer, such as `429 Too Many Requests`; null when the error names none. */
  readonly status: string | null;
}

/** Statuses with their reasons, as Go writes them behind a colon or the word. */
const STATUS =
  /(?:status(?: code)?\b[^\n]*?:|status(?: code)?:?) ?(?:"?)(\d{3}(?: [A-Z][A-Za-z]*(?: [A-Z][a-z]+)*)?)/;
const RATE_LIMIT = /toomanyrequests|too many requests|rate limit/i;
const DENIED =
  /pull access denied|insufficient_scope|authorization failed|authentication required|no basic auth credentials|unauthorized|access to the resource is denied|may require authorization/i;
const MISSING = /manifest unknown|name unknown|: not found$|repository .* not found/i;
const TIMEOUT =
  /i\/o timeout|deadline exceeded|handshake timeout|Client\.Timeout|timeout awaiting|request canceled while waiting|timed out/i;
const UNKNOWN_HOST = /no such host|server misbehaving|Temporary failure in name resolution/i;
const UNREACHABLE =
  /connection refused|connection reset|broken pipe|no route to host|network is unreachable|unexpected EOF|\bEOF$/i;

/** Reads the error of an engine that could not pull or push an image. */
export function registryProblem(error: string): RegistryProblem {
  const status = STATUS.exec(error)?.[1] ?? null;
  const code = Number(status?.slice(0, 3));
  if (code === 429 || RATE_LIMIT.test(error)) return { kind: 'rate-limited', status };
  if (code === 408 || code === 504) return { kind: 'timeout', status };
  if (code >= 500) return { kind: 'unavailable', status };
  if (code === 401 || code === 403 || DENIED.test(error)) return { kind: 'denied', status };
  if (code === 404 || MISSING.test(error)) return { kind: 'missing', status };
  if (TIMEOUT.test(error)) return { kind: 'timeout', status };
  if (UNKNOWN_HOST.test(error)) return { kind: 'unknown-host', status };
  return { kind: UNREACHABLE.test(error) ? 'unavailable' : 'other', status };
}

/** Reports whether the same request may succeed soon. */
export function isTransient({ kind }: RegistryProblem): boolean {
  return kind === 'rate-limited' || kind === 'unavailable' || kind === 'timeout';
}

/** Returns the registry of an image as messages name it. */
export function registryName(image: string): string {
  const host = registryOfImage(image);
  return host === 'docker.io' ? 'Docker Hub' : host;
}
