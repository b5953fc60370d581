import { Agent, request } from 'node:http';

/** Longer than the ingress holds a request, and the wake of an app on a busy machine takes. */
const TIMEOUT_MS = 60_000;

export interface Visited {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface VisitOptions {
  readonly path?: string;
  readonly agent?: Agent;
  readonly headers?: Record<string, string>;
  /** Makes the request a POST. */
  readonly body?: string;
}

/**
 * Visits a URL of an environment as a browser would. Node does not resolve `*.localhost`, so the request goes to the
 * address of the ingress with the name in its `Host` header. Without an agent, each visit has a connection of its own: Node
 * does not repeat a request, as browsers do, whose idle connection the ingress was just closing.
 */
export function visit(url: string, options: VisitOptions = {}): Promise<Visited> {
  const { host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method: options.body === undefined ? 'GET' : 'POST',
        path: options.path ?? '/',
        headers: { ...options.headers, host },
        agent: options.agent ?? false,
        timeout: TIMEOUT_MS,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString('utf8'),
            headers: response.headers,
          }),
        );
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)));
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}
