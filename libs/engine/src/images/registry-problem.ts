import { registryOfImage } from '@nexos/domain';
import { quote, withoutInternals } from '../logs/quote.js';

/** Why a registry did not deliver or take an image. */
export interface RegistryProblem {
  readonly kind:
    | 'rate-limited'
    | 'unavailable'
    | 'timeout'
    | 'denied'
    | 'missing'
    | 'wrong-platform'
    | 'unknown-host'
    | 'other';
  /** The status of the registry's answer, such as `429 Too Many Requests`; null when the error names none. */
  readonly status: string | null;
  /** The engine's own words, without credentials, for a problem of no other kind. */
  readonly details?: string;
}

/** The characters at each end of an error that are read: registries and Dockerfiles choose much of the text. */
const ENDS = 5_000;
/**
 * Statuses with their reasons, as Go writes them behind a colon or the word. Ports and digests stand behind a colon too, but
 * go on after three digits.
 */
const STATUS =
  /(?:status(?: code)?\b[^\n]*?:|status(?: code)?:?) ?"?(\d{3}(?=[ ,;)"\n]|$)(?: [A-Z][A-Za-z]{0,20}(?: [A-Z][a-z]{1,20}){0,4})?)/;
const RATE_LIMIT = /toomanyrequests|too many requests|rate limit/i;
const DENIED =
  /pull access denied|insufficient_scope|authorization failed|authentication required|no basic auth credentials|unauthorized|access to the resource is denied|may require authorization/i;
const MISSING = /manifest unknown|name unknown|: not found$|repository .* not found/i;
const WRONG_PLATFORM = /no match for platform in manifest|no matching manifest for /i;
const TIMEOUT =
  /i\/o timeout|deadline exceeded|handshake timeout|Client\.Timeout|timeout awaiting|request canceled while waiting|timed out/i;
const UNKNOWN_HOST = /no such host/i;
/** A name server that fails says nothing about the name. */
const UNREACHABLE =
  /server misbehaving|Temporary failure in name resolution|connection refused|connection reset|broken pipe|no route to host|network is unreachable|unexpected EOF|\bEOF$/i;

/** Reads the error of an engine that could not pull or push an image. */
export function registryProblem(whole: string): RegistryProblem {
  const error = whole.length <= 2 * ENDS ? whole : `${whole.slice(0, ENDS)} … ${whole.slice(-ENDS)}`;
  const status = STATUS.exec(error)?.[1] ?? null;
  const code = Number(status?.slice(0, 3));
  if (code === 429 || RATE_LIMIT.test(error)) return { kind: 'rate-limited', status };
  if (code === 408 || code === 504) return { kind: 'timeout', status };
  if (code >= 500) return { kind: 'unavailable', status };
  if (code === 401 || code === 403 || DENIED.test(error)) return { kind: 'denied', status };
  if (WRONG_PLATFORM.test(error)) return { kind: 'wrong-platform', status };
  if (code === 404 || MISSING.test(error)) return { kind: 'missing', status };
  if (TIMEOUT.test(error)) return { kind: 'timeout', status };
  if (UNKNOWN_HOST.test(error)) return { kind: 'unknown-host', status };
  if (UNREACHABLE.test(error)) return { kind: 'unavailable', status };
  return { kind: 'other', status, details: quote(withoutCredentials(withoutInternals(error))) };
}

/** Strips what addresses may carry beside host and path: users with their passwords, and queries, which may be signed. */
function withoutCredentials(error: string): string {
  return error.replace(/(\w:\/\/)[^\s"/]*@/g, '$1').replace(/\?[^\s"]*/g, '');
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
