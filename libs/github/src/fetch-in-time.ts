/** Milliseconds that GitHub may take to answer. */
const TIMEOUT = 10_000;

/** `fetch` with a deadline. */
export async function fetchInTime(url: string, options: RequestInit): Promise<Response> {
  return await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT) });
}
