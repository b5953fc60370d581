import { Injectable } from '@nestjs/common';
import { HaproxyRuntime } from './haproxy-runtime.js';
import { IngressMap } from './ingress-map.js';
import { IngressUnavailableError } from './ingress-unavailable.error.js';

/** The table's name and how long it keeps an entry after its last use, as in HAProxy's configuration. */
const TABLE = 'usage';
const KEPT_MS = 20 * 24 * 3_600_000;
const ENTRY = /^0x[0-9a-f]+: key=(\S+) .*\bexp=(\d+)\b.* conn_cur=(\d+)$/;

/** The current use of an environment's host. */
export interface HostUsage {
  /** Milliseconds since its last request began or ended. */
  readonly idleMs: number;
  /** Requests in progress and open WebSockets. */
  readonly open: number;
}

/** Everything the ingress has counted since it started. */
export interface UsageReading {
  /** By host name. A missing host was not used within 20 days, or since the ingress started. */
  readonly hosts: ReadonlyMap<string, HostUsage>;
  /** Milliseconds since the ingress started; it knows nothing of earlier use. */
  readonly watchedMs: number;
}

/** Reads when each host of the map was last used, which HAProxy keeps in memory. */
@Injectable()
export class IngressUsage {
  constructor(
    private readonly runtime: HaproxyRuntime,
    private readonly map: IngressMap,
  ) {}

  /** @throws {IngressUnavailableError} when HAProxy does not answer, or closes the connection early */
  async read(): Promise<UsageReading> {
    const response = await this.runtime.command('show', 'table', TABLE);
    // Read after the table: if HAProxy restarts in between, its empty table must not look like that of an old process.
    const startedAtMs = Number(await this.map.identity()) / 1_000;
    return { hosts: hostsIn(response), watchedMs: Math.max(0, Date.now() - startedAtMs) };
  }
}

/** https://docs.haproxy.org/2.6/management.html#9.3-show%20table */
function hostsIn(response: string): Map<string, HostUsage> {
  const [head = '', ...lines] = response.split('\n').filter((line) => line !== '');
  // A response that does not end in an empty line was cut off.
  if (!head.startsWith(`# table: ${TABLE},`) || !response.endsWith('\n\n')) throw refused(head);
  return new Map(
    lines.map((line) => {
      const [, host, expiresInMs, open] = ENTRY.exec(line) ?? [];
      if (host === undefined) throw refused(line);
      return [host, { idleMs: Math.max(0, KEPT_MS - Number(expiresInMs)), open: Number(open) }];
    }),
  );
}

function refused(line: string): IngressUnavailableError {
  return new IngressUnavailableError(`HAProxy refused "show table": ${line.slice(0, 200)}`);
}
