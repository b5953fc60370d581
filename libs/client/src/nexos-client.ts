import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.generated.js';

export interface NexosClientOptions {
  /** The origin of the Nexos API, without `/api`: `https://api.nexos.dev`. */
  readonly baseUrl: string;
  /** `nxs_…` */
  readonly apiKey: string;
  /** For tests and proxies; defaults to the platform's `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** The media types of typed responses. Read a followed log (server-sent events) from the response's body. */
type Json = 'application/json' | 'application/problem+json';

export type NexosClient = Client<paths, Json>;

/**
 * Creates a client whose paths, parameters, bodies and responses are typed by the API's OpenAPI document:
 * `client.GET('/projects/{id}', { params: { path: { id } } })`. A refused request sets the result's `error`.
 */
export function createNexosClient({ baseUrl, apiKey, fetch }: NexosClientOptions): NexosClient {
  return createClient<paths, Json>({
    baseUrl: `${baseUrl.replace(/\/+$/, '')}/api`,
    headers: { authorization: `Bearer ${apiKey}` },
    ...(fetch === undefined ? {} : { fetch }),
  });
}
