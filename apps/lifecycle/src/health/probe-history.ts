import { type ProbeFacts } from '@nexos/domain';
import { type ProbeResult } from '@nexos/ingress';

/** A probe that takes longer counts as failed, although its answer may still come. */
const SLOW_MS = 4_000;
/** A probe that takes longer is reason to send the next one sooner. */
const SUSPICIOUS_MS = 1_000;
const SOON_MS = 2_000;
const SERVER_ERROR = 500;
const NO_ANSWER = 'does not answer';

interface Target {
  readonly port: number;
  readonly path: string;
}

/** The probes of one container since it last answered. Times are milliseconds of one clock. */
export class ProbeHistory {
  private readonly pending = new Set<number>();
  private lastStart = -Infinity;
  private failingSince: number | null = null;
  private failures = 0;
  private finding = '';
  private isAddressUnknown = false;
  private hasEnded = false;

  /** Returns whether the next probe is due. */
  isDue(now: number, everyMs: number): boolean {
    const isSuspicious =
      this.failingSince !== null || [...this.pending].some((start) => now - start > SUSPICIOUS_MS);
    return now - this.lastStart >= (isSuspicious ? Math.min(SOON_MS, everyMs) : everyMs);
  }

  begin(start: number): void {
    this.lastStart = start;
    this.pending.add(start);
  }

  /** @param result null when the probe says nothing about the app */
  end(start: number, result: ProbeResult | null, target: Target): void {
    this.pending.delete(start);
    if (result === null) return;
    this.hasEnded = true;
    if (result.kind === 'answered' && result.status < SERVER_ERROR) {
      this.failingSince = null;
      this.failures = 0;
      // Those that began earlier are no longer signs that it does not answer.
      for (const other of this.pending) if (other < start) this.pending.delete(other);
      return;
    }
    this.failingSince = Math.min(this.failingSince ?? start, start);
    this.failures++;
    this.finding = findingOf(result, target);
    this.isAddressUnknown = result.kind === 'unresolved';
  }

  /** Returns null before the first probe has ended, or has taken long. */
  facts(now: number): ProbeFacts | null {
    const slow = [...this.pending].filter((start) => now - start >= SLOW_MS);
    const since = Math.min(this.failingSince ?? Infinity, ...slow);
    if (since === Infinity) {
      return this.hasEnded ? { failingSince: null, failures: 0, finding: '', isAddressUnknown: false } : null;
    }
    const failures = this.failures + slow.length;
    return slow.length === 0
      ? { failingSince: since, failures, finding: this.finding, isAddressUnknown: this.isAddressUnknown }
      : { failingSince: since, failures, finding: NO_ANSWER, isAddressUnknown: false };
  }
}

function findingOf(result: ProbeResult, { port, path }: Target): string {
  switch (result.kind) {
    case 'answered':
      return `answers GET ${path} with ${result.status}`;
    case 'unresolved':
      return 'has no running container';
    case 'refused':
      return `accepts no connections on port ${port}`;
    case 'broken':
      return 'closes connections without an answer';
    case 'timeout':
      return NO_ANSWER;
  }
}
