import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import type { Installation } from '../../support/nexos/installation.js';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Visit {
  method?: string;
  accept?: string;
  body?: string;
  signal?: AbortSignal;
}

/** Sends a request as the ingress does for a host without a route. */
export function visitFallback(
  { env }: Pick<Installation, 'env'>,
  host: string,
  { method = 'GET', accept = '*/*', body = '', signal }: Visit = {},
): Promise<Answer> {
  const socketPath = join(env.INGRESS_SOCKET_DIR ?? '', 'fallback.sock');
  const options = { socketPath, method, headers: { host, accept }, agent: false as const };
  return new Promise((resolve, reject) => {
    request({ ...options, ...(signal === undefined ? {} : { signal }) }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    })
      .on('error', reject)
      .end(body);
  });
}
