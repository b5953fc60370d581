import { withDeadline } from '@nexos/config';

/** Timeout of GitHub's response, in milliseconds. */
const TIMEOUT = 10_000;

/** Fetches with a deadline, which may be earlier by the signal of the options. */
export async function fetchInTime(url: string, options: RequestInit): Promise<Response> {
  const signal =
    options.signal == null ? AbortSignal.timeout(TIMEOUT) : withDeadline(options.signal, TIMEOUT);
  return await fetch(url, { ...options, signal });
}
