import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError, problemOf } from './api-error.js';

const BY_CODE: Partial<Record<string, ApiError>> = {
  HPE_HEADER_OVERFLOW: new ApiError(
    'headers-too-large',
    'The headers have more than 16 KiB. Send fewer, or shorter ones.',
  ),
  ERR_HTTP_REQUEST_TIMEOUT: new ApiError(
    'request-timeout',
    'The request did not come to its end in time. Send it again.',
  ),
};
const MALFORMED = new ApiError('malformed-request', 'The request could not be read as HTTP/1.1.');

/** How long a client that was answered may go on sending before its connection is cut, in milliseconds. */
const LINGER_MS = 1_000;
/** Those that were answered: each chunk that still comes is one more error of the parser. */
const answered = new WeakSet<Socket>();

/** Node keeps the answer that is under way at its socket, and its own handler looks there (lib/_http_server.js). */
type AnsweringSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/**
 * Answers what Node's parser refuses, for which there is no request yet, and closes the connection. Where the answer
 * to an earlier request is being written, there is no place for another.
 *
 * A client that is still sending reads the answer only if what it sends is taken: closing at once would reset the
 * connection (RFC 9112, section 9.6).
 */
export function answerUnparsable(error: Error & { readonly code?: string }, socket: AnsweringSocket): void {
  if (answered.has(socket) && error.code !== 'ECONNRESET') return;
  const isAnswering = socket._httpMessage?.headersSent === true;
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) {
    socket.destroy();
    return;
  }
  const problem = BY_CODE[error.code ?? ''] ?? MALFORMED;
  const id = crypto.randomUUID();
  const body = JSON.stringify(problemOf(problem, id));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  answered.add(socket);
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const cut = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => {
    clearTimeout(cut);
  });
}
