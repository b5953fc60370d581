import { Agent } from 'node:http';
import { visit } from './visitor.js';

/** A request, as its visitor saw it. Times are those of `performance.now()`. */
export interface Seen {
  readonly host: string;
  readonly sentAt: number;
  readonly endedAt: number;
  /** `busy` is a 503 that says when to try again, `broken` a connection that was refused or cut, or a 502. */
  readonly outcome: 'right' | 'busy' | 'broken' | 'wrong';
  /** What came instead of the right answer. */
  readonly detail: string;
}

/** Requests under way at once. More than this would be a load that the machine cannot bear, and fails. */
const MAX_PENDING = 2_000;

/**
 * Sends requests to several hosts in turn at a constant rate, whether or not earlier ones have been answered, and
 * records each. One in two begins a connection of its own.
 */
export class WatchedLoad {
  readonly seen: Seen[] = [];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 50 });
  private readonly pending = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;

  /** @param expected the body that each host answers with */
  constructor(
    private readonly port: number,
    private readonly expected: ReadonlyMap<string, string>,
    ratePerSecond: number,
  ) {
    const hosts = [...expected.keys()];
    const began = performance.now();
    let sent = 0;
    this.timer = setInterval(() => {
      const due = ((performance.now() - began) / 1000) * ratePerSecond;
      for (; sent < due; sent += 1) {
        const round = Math.floor(sent / hosts.length);
        this.send(hosts[sent % hosts.length] ?? '', round % 2 === 0);
      }
    }, 5);
  }

  /** Returns the requests that did not get the right answer. */
  get failures(): Seen[] {
    return this.seen.filter(({ outcome }) => outcome !== 'right');
  }

  /** Returns when the first request was sent after `time` that was refused or cut; undefined until there is one. */
  brokenSince(time: number): number | undefined {
    return this.seen.find(({ outcome, sentAt }) => outcome === 'broken' && sentAt > time)?.sentAt;
  }

  /**
   * Returns when each host had first answered a request that was sent after `time`; undefined until all have. Every
   * request sent after that should be answered too.
   */
  answeredSince(time: number): Map<string, number> | undefined {
    const first = new Map<string, number>();
    for (const { host, sentAt, endedAt, outcome } of this.seen)
      if (outcome === 'right' && sentAt > time && !first.has(host)) first.set(host, endedAt);
    return first.size === this.expected.size ? first : undefined;
  }

  /** Returns a line for each host and answer among these requests, for messages; times are milliseconds since `start`. */
  static summary(requests: readonly Seen[], start: number): string[] {
    const groups = new Map<string, Seen[]>();
    for (const seen of requests) {
      const what = `${seen.host} ${seen.outcome} ${seen.detail}`;
      groups.set(what, [...(groups.get(what) ?? []), seen]);
    }
    return [...groups].map(([what, seen]) => {
      const first = Math.min(...seen.map(({ sentAt }) => sentAt)) - start;
      const last = Math.max(...seen.map(({ endedAt }) => endedAt)) - start;
      return `${seen.length} from ${Math.round(first)} to ${Math.round(last)} ms: ${what}`;
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.pending);
    this.agent.destroy();
  }

  private send(host: string, isReused: boolean): void {
    const sentAt = performance.now();
    const record = (outcome: Seen['outcome'], detail: string) =>
      this.seen.push({ host, sentAt, endedAt: performance.now(), outcome, detail });
    if (this.pending.size >= MAX_PENDING) {
      record('wrong', `not sent: ${MAX_PENDING} requests have not been answered`);
      return;
    }
    const sending = visit({ port: this.port, host, ...(isReused && { agent: this.agent }) })
      .then(({ status, headers, body }) => {
        if (status === 200 && body === this.expected.get(host)) record('right', '');
        else if (status === 503 && headers['retry-after'] !== undefined) record('busy', body.trim());
        else record(status === 502 ? 'broken' : 'wrong', `${status}: ${body.trim()}`);
      })
      .catch((error: unknown) => void record('broken', String(error)))
      .finally(() => this.pending.delete(sending));
    this.pending.add(sending);
  }
}
