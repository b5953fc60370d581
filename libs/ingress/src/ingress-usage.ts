import { Injectable } from '@nestjs/common';
import { HaproxyRuntime } from './haproxy-runtime.js';
import { IngressMap } from './ingress-map.js';
import { IngressUnavailableError } from './ingress-unavailable.error.js';

/** The table's name and how long it keeps an entry after its last use, as the configuration says them. */
const TABLE = 'usage';
const KEPT_MS = 20 * 24 * 3_600_000;
const ENTRY = /^0x[0-9a-f]+: key=(\S+) .*\bexp=(\d+)\b.* conn_cur=(\d+)$/;

/** How an environment's host is used. */
export interface HostUsage {
  /** Milliseconds since its last request began or ended. */
  readonly idleMs: number;
  /** Requests that are being answered, and open WebSockets. */
  readonly open: number;
}

/** All that the ingress has seen since it started. */
export interface UsageReading {
  /** By host name. A host that is not here was not used within 20 days, or since the ingress started. */
  readonly hosts: ReadonlyMap<string, HostUsage>;
  /** How long ago the ingress started, in milliseconds: of what was before it knows nothing. */
  readonly watchedMs: number;
}

/** When each host of the map was last used, which HAProxy keeps in its memory. */
@Injectable()
export class IngressUsage {
  constructor(
    private readonly runtime: HaproxyRuntime,
    private readonly map: IngressMap,
  ) {}

  /** @throws {IngressUnavailableError} when HAProxy does not answer, or breaks off */
  async read(): Promise<UsageReading> {
    const answer = await this.runtime.command('show', 'table', TABLE);
    // After the table: of one that restarts in between the table is empty, and it must not pass for an old one's.
    const startedAtMs = Number(await this.map.identity()) / 1_000;
    return { hosts: hostsIn(answer), watchedMs: Math.max(0, Date.now() - startedAtMs) };
  }
}

/** https://docs.haproxy.org/2.6/management.html#9.3-show%20table */
function hostsIn(answer: string): Map<string, HostUsage> {
  const [head = '', ...lines] = answer.split('\n').filter((line) => line !== '');
  // The answer ends in an empty line, or it was cut off.
  if (!head.startsWith(`# table: ${TABLE},`) || !answer.endsWith('\n\n')) throw refused(head);
  return new Map(
    lines.map((line) => {
      const [, host, expiresInMs, open] = ENTRY.exec(line) ?? [];
      if (host === undefined) throw refused(line);
      return [host, { idleMs: Math.max(0, KEPT_MS - Number(expiresInMs)), open: Number(open) }];
    }),
  );
}

function refused(line: string): IngressUnavailableError {
  return new IngressUnavailableError(`HAProxy did not carry out "show table": ${line.slice(0, 200)}`);
}
