import { type RuntimeLogLine, type RuntimeLogPlace } from '@nexos/contracts';
import type { Redis } from 'ioredis';
import { logChannel } from '../build/log-keys.js';
import {
  APPEND,
  IS_REQUESTED,
  READ,
  RELEASE,
  RENEW,
  REQUEST,
  LIST_REQUESTED,
} from './runtime-log-scripts.js';

/** Milliseconds that a log is collected after it was last requested. */
const REQUEST_MS = 30_000;
/** Milliseconds after which a collector that does not renew its claim counts as dead. */
const CLAIM_MS = 8_000;
/** Milliseconds that collected lines are kept after the last one. */
const KEPT_MS = 120_000;
/** The most lines and bytes kept of one log; readers that fall further behind miss lines. */
const MAX_LINES = 2_000;
const MAX_BYTES = 2 * 1024 * 1024;
/** The number of existing lines of each container that a collector starts with. */
export const RUNTIME_LOG_HISTORY = 1_000;
/** The most logs collected at the same time, by all collectors together. */
const MAX_REQUESTED = 1_000;

/**
 * The state of a log. `following`: past output is available and new output arrives. `missing`: no
 * service runs the container. `sealed`: the log cannot be shown, because its secrets cannot be redacted. `away`: the
 * engine does not answer.
 */
export type RuntimeLogState = 'following' | 'missing' | 'sealed' | 'away';

/** A log and the environment whose readers it wakes. */
export interface LogSubject {
  readonly log: string;
  readonly environmentId: string;
}

/**
 * Passes the output of containers from the workers that can reach the engine to the API. A log is collected while somebody
 * reads it, and Redis keeps it only briefly: the engine stores the history. Logs have the names of `runtimeLogName`.
 */
export class RuntimeLog {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  /** Requests the collection of a log for the next 30 s. */
  async request(log: string): Promise<void> {
    await this.redis.eval(REQUEST, 1, this.key('wanted'), REQUEST_MS, log);
  }

  /** Returns the names of the logs that are requested. */
  async requested(): Promise<string[]> {
    return (await this.redis.eval(LIST_REQUESTED, 1, this.key('wanted'), MAX_REQUESTED)) as string[];
  }

  async isRequested(log: string): Promise<boolean> {
    return (await this.redis.eval(IS_REQUESTED, 1, this.key('wanted'), log)) === 1;
  }

  /** @returns whether the caller now holds the claim to collect this log, and must renew it */
  async claim(log: string, token: string): Promise<boolean> {
    return (await this.redis.set(this.key('claim', log), token, 'PX', CLAIM_MS, 'NX')) === 'OK';
  }

  /**
   * Renews the claim, and records the state if it is known.
   *
   * @returns false when another collector holds the claim
   */
  async renew(
    { log, environmentId }: LogSubject,
    token: string,
    state: RuntimeLogState | null,
  ): Promise<boolean> {
    const isNew = state !== null && (await this.stateOf(log)) !== state;
    const keys = ['claim', 'state', 'lines', 'bytes'].map((kind) => this.key(kind, log));
    const channel = isNew ? logChannel(this.prefix, environmentId) : '';
    return (await this.redis.eval(RENEW, 4, ...keys, token, CLAIM_MS, state ?? '', KEPT_MS, channel)) === 1;
  }

  async release(log: string, token: string): Promise<void> {
    const keys = ['claim', 'state'].map((kind) => this.key(kind, log));
    await this.redis.eval(RELEASE, 2, ...keys, token);
  }

  /** Returns null while nobody collects the log. */
  async stateOf(log: string): Promise<RuntimeLogState | null> {
    return (await this.redis.get(this.key('state', log))) as RuntimeLogState | null;
  }

  /** @returns false when another collector holds the claim */
  async append(
    { log, environmentId }: LogSubject,
    token: string,
    lines: readonly RuntimeLogLine[],
  ): Promise<boolean> {
    const keys = ['claim', 'lines', 'bytes'].map((kind) => this.key(kind, log));
    const channel = logChannel(this.prefix, environmentId);
    const args = lines.flatMap((line) => [placeId(line), line.stream, line.text]);
    const appended = await this.redis.eval(
      APPEND,
      3,
      ...keys,
      token,
      KEPT_MS,
      MAX_LINES,
      MAX_BYTES,
      channel,
      ...args,
    );
    return appended === 1;
  }

  /** Returns the first lines after a place, up to `limit` or until they have so many bytes. */
  async after(
    log: string,
    place: RuntimeLogPlace,
    limit: number,
    bytes: number = MAX_BYTES,
  ): Promise<RuntimeLogLine[]> {
    const key = this.key('lines', log);
    const lines = await this.redis.eval(READ, 1, key, `(${placeId(place)}`, limit, bytes);
    return (lines as [string, string[]][]).map(lineOf);
  }

  /** Returns the last lines, none of them older than `since`. */
  async tail(log: string, limit: number, since: RuntimeLogPlace): Promise<RuntimeLogLine[]> {
    const key = this.key('lines', log);
    return (await this.redis.xrevrange(key, '+', placeId(since), 'COUNT', limit)).map(lineOf).reverse();
  }

  /**
   * Reports whether lines after this place may be lost: no line at or before it is kept, and so many others are that
   * older ones have probably been trimmed.
   */
  async isBehind(log: string, place: RuntimeLogPlace): Promise<boolean> {
    if (place.nanoseconds === '0') return false;
    const key = this.key('lines', log);
    const [before] = await this.redis.xrevrange(key, placeId(place), '-', 'COUNT', 1);
    if (before !== undefined) return false;
    const bytes = Number((await this.redis.get(this.key('bytes', log))) ?? 0);
    return (await this.redis.xlen(key)) >= RUNTIME_LOG_HISTORY || bytes >= MAX_BYTES / 2;
  }

  private key(...parts: string[]): string {
    return [this.prefix, 'runtime-log', ...parts].join(':');
  }
}

/** Returns the stream id of a place: Redis sorts ids by two 64-bit numbers, just as places are sorted. */
function placeId({ nanoseconds, ordinal }: RuntimeLogPlace): string {
  return `${nanoseconds}-${ordinal}`;
}

function lineOf([id, [stream = '', text = '']]: [string, string[]]): RuntimeLogLine {
  const [nanoseconds = '0', ordinal = '0'] = id.split('-');
  return { nanoseconds, ordinal: Number(ordinal), stream: stream as RuntimeLogLine['stream'], text };
}
