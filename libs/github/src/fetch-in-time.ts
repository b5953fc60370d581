/** Timeout of GitHub's response, in milliseconds. */
const TIMEOUT = 10_000;

/** Fetches with a deadline, which may be earlier by the signal of the options. */
export async function fetchInTime(url: string, options: RequestInit): Promise<Response> {
  const deadline = AbortSignal.timeout(TIMEOUT);
  const signal = options.signal == null ? deadline : AbortSignal.any([options.signal, deadline]);
  return await fetch(url, { ...options, signal });
}
