import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError, problemOf } from './api-error.js';

const BY_CODE: Partial<Record<string, ApiError>> = {
  HPE_HEADER_OVERFLOW: new ApiError(
    'headers-too-large',
    'The headers are larger than 16 KiB. Send fewer or shorter headers.',
  ),
  ERR_HTTP_REQUEST_TIMEOUT: new ApiError(
    'request-timeout',
    'The request was not complete after 2 minutes. Send it again.',
  ),
};
const MALFORMED = new ApiError('malformed-request', 'The request is not valid HTTP/1.1.');

/** How long a client may keep sending after the response before its connection is cut, in milliseconds. */
const LINGER_MS = 5_000;
/** Sockets that got their response; each further chunk causes another parser error. */
const answered = new WeakSet<Socket>();

/** Node keeps the response in progress on its socket, and its own handler checks it there (lib/_http_server.js). */
type AnsweringSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/**
 * Responds to input that Node's parser rejects before there is a request, and closes the connection. Sends nothing while
 * the response to an earlier request is in progress.
 *
 * Keeps reading for a moment: closing immediately would reset the connection, and a client that is still sending would never
 * read the response (RFC 9112, section 9.6).
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
