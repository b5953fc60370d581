import { ApiContract } from './api-contract.js';

const contracts = new Map<string, ApiContract>();
let plainFetch: typeof fetch | undefined;

/**
 * Makes this process's `fetch` check every response from below `/api` at that address against the OpenAPI document
 * served there. Applies to all senders: a request fails when its response is not as documented.
 */
export async function checkResponsesOf(baseUrl: string): Promise<ApiContract> {
  const contract = await ApiContract.of(baseUrl);
  contracts.set(new URL(baseUrl).origin, contract);
  plainFetch ??= replaceFetch();
  return contract;
}

export function stopCheckingResponsesOf(baseUrl: string): void {
  contracts.delete(new URL(baseUrl).origin);
}

function replaceFetch(): typeof fetch {
  const plain = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const response = await plain(input, init);
    const { origin, pathname } = new URL(input instanceof Request ? input.url : String(input));
    const contract = contracts.get(origin);
    const path = /^\/api(\/.*)$/.exec(pathname)?.[1];
    if (contract === undefined || path === undefined || response.redirected) return response;
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
    return contract.check({ method, path }, response);
  };
  return plain;
}
