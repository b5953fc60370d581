import { hash } from 'node:crypto';

/** What a request asks for. */
export interface FingerprintedRequest {
  readonly method: string;
  /** The path with its query. */
  readonly url: string;
  readonly body?: unknown;
}

/**
 * Tells whether two requests ask for the same: SHA-256 over the method, the path and the body. The order of a
 * body's fields and the space between them do not matter.
 */
export function requestFingerprint({ method, url, body }: FingerprintedRequest): string {
  const text = body === undefined ? '' : JSON.stringify(inOrder(body));
  return hash('sha256', `${method}\n${url}\n${text}`, 'base64url');
}

/** Bodies are not deep: what is was refused when it was parsed. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]): [string, unknown] => [key, inOrder(child)]);
  // Each as a pair: a number-like key would move to the front of an object.
  return { fields: entries.sort(([one], [other]) => (one < other ? -1 : 1)) };
}
