import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request to the API, with the path after its base. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The JSON of the body; undefined without one, or if it is no JSON. */
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const NOT_FOUND: Answer = { status: 404, body: { message: 'Not Found' } };

/** What the answer to a body that GitHub does not accept begins with. */
export const INVALID = 'Invalid request.';

/** Returns what GitHub answers to a body that it does not accept. */
export function unprocessable(problem: string): Answer {
  return { status: 422, body: { message: `${INVALID} ${problem}` } };
}

/** Reads a request to its end. @param base the part of the path that all requests have */
export async function readRequest(request: IncomingMessage, base: string): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = request;
  const { pathname, searchParams } = new URL(url, 'http://github.example');
  return {
    method,
    path: pathname.slice(base.length),
    query: searchParams,
    headers,
    body: jsonOf(Buffer.concat(chunks).toString()),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Returns what GitHub would not accept of the headers; null if it accepts them.
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api
 */
export function headersProblem({ method, path, headers, body }: ApiRequest): string | null {
  if ((headers['user-agent'] ?? '') === '') return 'Request forbidden by administrative rules: no User-Agent';
  if (!/^application\/vnd\.github(\.v3)?\+json$/.test(headers.accept ?? '')) return 'no Accept of GitHub';
  const version = headers['x-github-api-version'];
  if (version !== undefined && version !== '2022-11-28') return `no API version ${String(version)}`;
  const isJson = headers['content-type']?.startsWith('application/json') === true;
  // To have a delivery repeated needs no body.
  const hasBody = method !== 'GET' && !/^\/app\/hook\/.*\/attempts$/.test(path);
  if (hasBody && (!isJson || body === undefined)) return 'the body is no JSON';
  return null;
}
