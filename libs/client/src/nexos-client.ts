import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.generated.js';

export interface NexosClientOptions {
  /** Where Nexos is, without `/api`: `https://api.nexos.dev`. */
  readonly baseUrl: string;
  /** `nxs_…` */
  readonly apiKey: string;
  /** For tests and proxies; the platform's own, unless said otherwise. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** What answers are read as. A log that is followed as events is read from the answer's own body. */
type Json = 'application/json' | 'application/problem+json';

export type NexosClient = Client<paths, Json>;

/**
 * A client whose paths, parameters, bodies and answers are typed by the API's OpenAPI document:
 * `client.GET('/projects/{id}', { params: { path: { id } } })`. What the API refuses is in the answer's `error`.
 */
export function createNexosClient({ baseUrl, apiKey, fetch }: NexosClientOptions): NexosClient {
  return createClient<paths, Json>({
    baseUrl: `${baseUrl.replace(/\/+$/, '')}/api`,
    headers: { authorization: `Bearer ${apiKey}` },
    ...(fetch === undefined ? {} : { fetch }),
  });
}
