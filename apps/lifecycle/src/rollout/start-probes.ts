import { setTimeout as wait } from 'node:timers/promises';
import { type ProbeResult } from '@nexos/ingress';

/** How long to wait for probes before something else is looked at. */
const TURN_MS = 200;
/** While a probe is under way, another one is sent after this time, and later after a share of the time so far. */
const ALONGSIDE_MS = 2_000;
const ALONGSIDE_SHARE = 0.2;
/** A refusal takes less time. */
const SLOW_MS = 500;
const SERVER_ERROR = 500;

/**
 * The probes of a version that starts. One may take all the time that is left, since the first response of an app can
 * be slow. Others are sent beside it, since an app may lose those that arrive too early.
 */
export class StartProbes {
  /** By when they were sent. */
  private readonly pending = new Map<number, Promise<void>>();
  private readonly ending = new AbortController();
  private readonly began = Date.now();
  private sentAt = -Infinity;
  private last: ProbeResult | null = null;
  private error: Error | null = null;
  private isHealthy = false;

  /**
   * @param until when the time is up, in milliseconds since the epoch
   * @param send sends one probe
   */
  constructor(
    private readonly until: number,
    private readonly send: (timeoutMs: number, signal: AbortSignal) => Promise<ProbeResult>,
  ) {}

  /**
   * Sends a probe if one is due, waits a moment for a result, and otherwise pauses.
   *
   * @returns whether the app has answered below 500
   * @throws what `send` throws
   */
  async next(pauseMs: number, signal: AbortSignal): Promise<boolean> {
    this.sendIfDue(Date.now());
    const turn = new AbortController();
    const ended = AbortSignal.any([signal, turn.signal]);
    await Promise.race([...this.pending.values(), wait(TURN_MS, undefined, { signal: ended })]);
    turn.abort();
    signal.throwIfAborted();
    if (this.error !== null) throw this.error;
    if (!this.isHealthy && this.pending.size === 0) await wait(pauseMs, undefined, { signal });
    return this.isHealthy;
  }

  /** Returns what the probes found so far; null when none has ended, or taken long. */
  finding(): ProbeResult | null {
    return [...this.pending.keys()].some((sentAt) => this.isTold(sentAt)) ? { kind: 'timeout' } : this.last;
  }

  /** Ends all probes. */
  stop(): void {
    this.ending.abort();
  }

  private sendIfDue(now: number): void {
    const gap = Math.max(ALONGSIDE_MS, (now - this.began) * ALONGSIDE_SHARE);
    if (this.pending.size > 0 && now - this.sentAt < gap) return;
    this.sentAt = now;
    this.pending.set(now, this.run(now, Math.max(1, this.until - now)));
  }

  private async run(sentAt: number, timeoutMs: number): Promise<void> {
    try {
      const result = await this.send(timeoutMs, this.ending.signal);
      this.isHealthy ||= result.kind === 'answered' && result.status < SERVER_ERROR;
      if (result.kind !== 'timeout' || this.isTold(sentAt)) this.last = result;
    } catch (error) {
      if (!this.ending.signal.aborted) this.error ??= error as Error;
    } finally {
      this.pending.delete(sentAt);
    }
  }

  /** Returns whether a probe without a response tells more than the others: not one that the end of the time cut off. */
  private isTold(sentAt: number): boolean {
    if (this.last === null) return true;
    return ['refused', 'unresolved'].includes(this.last.kind) && Date.now() - sentAt >= SLOW_MS;
  }
}
