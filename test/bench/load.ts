import autocannon from 'autocannon';

export interface Round {
  /** Answers in a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Load of so many connections for so many seconds; every answer has to be a good one. */
export async function load(options: {
  url: string;
  connections: number;
  seconds: number;
  setupClient: (client: autocannon.Client) => void;
}): Promise<Round> {
  const result = await autocannon({
    url: options.url,
    connections: options.connections,
    duration: options.seconds,
    setupClient: options.setupClient,
  });
  if (result.errors > 0 || result.timeouts > 0 || result.non2xx > 0) {
    const { errors, timeouts, non2xx } = result;
    throw new Error(
      `${options.url}: ${errors} errors, ${timeouts} timeouts, ${non2xx} other answers than 2xx`,
    );
  }
  return { rate: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

/** The round in the middle: one that the machine was busy with something else in does not count. */
export function median(rounds: readonly Round[]): Round {
  const sorted = [...rounds].sort((a, b) => a.rate - b.rate);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('there was no round');
  return middle;
}
