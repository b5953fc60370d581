import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

interface ParserProblem {
  readonly status: number;
  readonly detail: string;
}

const BY_CODE: Partial<Record<string, ParserProblem>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    detail: 'The headers have more than 16 KiB. Send fewer, or shorter ones.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    detail: 'The request did not come to its end in time. Send it again.',
  },
};
const MALFORMED: ParserProblem = { status: 400, detail: 'The request is no HTTP/1.1 that can be read.' };

/** Answers what Node's parser refuses, for which there is no request yet, and closes the connection. */
export function answerUnparsable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, detail } = BY_CODE[error.code ?? ''] ?? MALFORMED;
  const title = STATUS_CODES[status] ?? '';
  const id = crypto.randomUUID();
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, request_id: id });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
