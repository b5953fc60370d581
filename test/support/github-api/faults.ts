import type { ServerResponse } from 'node:http';
import type { Answer } from './api-request.js';

/** The ways in which a request fails. */
export const FAULT_KINDS = [
  '500',
  '502',
  'timeout',
  'rate limit',
  'secondary limit',
  '404',
  'slow body',
  'dropped connection',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Whether the request takes effect although it fails. Limits and 404 never do. */
  readonly isApplied: boolean;
}

/** Returns the fault of a request, or null. @param index its place among all requests, from 0 */
export type FaultRule = (request: string, index: number, body: unknown) => Fault | null;

/** Returns what a fault answers; null when the answer is none, or does not end. */
function faultAnswer(kind: FaultKind): Answer | null {
  switch (kind) {
    case '500':
      return { status: 500, body: { message: 'Server Error' } };
    case '502':
      return { status: 502, body: { message: 'Bad Gateway' } };
    case 'rate limit':
      return {
        status: 403,
        body: { message: 'API rate limit exceeded for installation ID 7.' },
        headers: {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Math.ceil(Date.now() / 1_000) + 1),
        },
      };
    case 'secondary limit':
      return {
        status: 403,
        body: { message: 'You have exceeded a secondary rate limit.' },
        headers: { 'retry-after': '1' },
      };
    case '404':
      return { status: 404, body: { message: 'Not Found' } };
    default:
      return null;
  }
}

/** Returns whether a request with this fault may take effect. */
export function canTakeEffect(kind: FaultKind): boolean {
  return kind !== '404' && kind !== 'rate limit' && kind !== 'secondary limit';
}

/** Has a request fail. */
export function sendFault(response: ServerResponse, kind: FaultKind): void {
  const answer = faultAnswer(kind);
  if (answer !== null) sendAnswer(response, answer);
  else if (kind === 'dropped connection') response.destroy();
  else if (kind === 'slow body') {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).write('{"id": ');
  }
}

export function sendAnswer(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  // Ids may be larger than a double can count.
  const text = JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  response.end(text.replaceAll(/"(\d+)n"/g, '$1'));
}
