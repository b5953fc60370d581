import autocannon from 'autocannon';

export interface Round {
  /** Responses per second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Loads a URL over a number of connections for a number of seconds.
 *
 * @throws when any response is an error
 */
export async function load(options: {
  url: string;
  connections: number;
  seconds: number;
  /** Defaults to as many as possible. */
  ratePerSecond?: number;
  setupClient: (client: autocannon.Client) => void;
}): Promise<Round> {
  const result = await autocannon({
    url: options.url,
    connections: options.connections,
    duration: options.seconds,
    setupClient: options.setupClient,
    ...(options.ratePerSecond !== undefined && { overallRate: options.ratePerSecond }),
  });
  if (result.errors > 0 || result.timeouts > 0 || result.non2xx > 0) {
    const { errors, timeouts, non2xx } = result;
    throw new Error(`${options.url}: ${errors} errors, ${timeouts} timeouts, ${non2xx} non-2xx responses`);
  }
  return { rate: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

/** Returns the median round, which ignores rounds disturbed by other work on the machine. */
export function median(rounds: readonly Round[]): Round {
  const sorted = [...rounds].sort((a, b) => a.rate - b.rate);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('There are no rounds.');
  return middle;
}
