import type { EngineClient } from './engine-client.js';
import { EngineError } from './engine-errors.js';
import { readJsonLines } from './json-lines.js';

/**
 * Sends a request to the engine and returns its JSON response. For the endpoints whose query dockerode drops.
 *
 * @param path ends with `?`
 */
export async function requestJson(
  client: EngineClient,
  method: 'GET' | 'POST',
  path: string,
  query: Readonly<Record<string, string>>,
  abortSignal: AbortSignal,
): Promise<Record<string, unknown>> {
  const options = method === 'GET' ? query : { _query: query, _body: {} };
  const stream = await client.open({ method, path, options, abortSignal });
  for await (const body of readJsonLines(stream)) return body;
  throw new EngineError('The container engine sent an empty response.');
}
