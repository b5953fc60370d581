import { hash } from 'node:crypto';

/** The parts of a request that the fingerprint covers. */
export interface FingerprintedRequest {
  readonly method: string;
  /** The path with its query. */
  readonly url: string;
  readonly body?: unknown;
}

/**
 * Returns a hash that is equal for equal requests: SHA-256 over the method, the path and the body. The order of a body's
 * fields and the whitespace between them do not matter.
 */
export function requestFingerprint({ method, url, body }: FingerprintedRequest): string {
  const text = body === undefined ? '' : JSON.stringify(inOrder(body));
  return hash('sha256', `${method}\n${url}\n${text}`, 'base64url');
}

/** Sorts fields recursively. Safe, since the parser rejects deeply nested bodies. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]): [string, unknown] => [key, inOrder(child)]);
  // As pairs, since an object would move number-like keys to the front.
  return { fields: entries.sort(([one], [other]) => (one < other ? -1 : 1)) };
}
