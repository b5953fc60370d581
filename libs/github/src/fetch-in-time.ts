/** Timeout of GitHub's response, in milliseconds. */
const TIMEOUT = 10_000;

/** Fetches with a deadline. */
export async function fetchInTime(url: string, options: RequestInit): Promise<Response> {
  return await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT) });
}
