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
/** The most lines and bytes kept of one deployment; readers that fall further behind miss lines. */
const MAX_LINES = 2_000;
const MAX_BYTES = 2 * 1024 * 1024;
/** The number of existing lines of each container that a collector starts with. */
export const RUNTIME_LOG_HISTORY = 1_000;
/** The most logs collected at the same time, by all collectors together. */
const MAX_REQUESTED = 1_000;

/**
 * The state of a deployment's log. `following`: past output is available and new output arrives. `missing`: no
 * service runs the deployment. `sealed`: the log cannot be shown, because its secrets cannot be redacted. `away`: the
 * engine does not answer.
 */
export type RuntimeLogState = 'following' | 'missing' | 'sealed' | 'away';

/** The deployment and environment of a log. */
export interface LogSubject {
  readonly deploymentId: string;
  readonly environmentId: string;
}

/**
 * Passes the output of apps from the workers that can reach the engine to the API. A log is collected while somebody
 * reads it, and Redis keeps it only briefly: the engine stores the history.
 */
export class RuntimeLog {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  /** Requests the collection of a deployment's log for the next 30 s. */
  async request(deploymentId: string): Promise<void> {
    await this.redis.eval(REQUEST, 1, this.key('wanted'), REQUEST_MS, deploymentId);
  }

  /** Returns the deployments whose logs are requested. */
  async requested(): Promise<string[]> {
    return (await this.redis.eval(LIST_REQUESTED, 1, this.key('wanted'), MAX_REQUESTED)) as string[];
  }

  async isRequested(deploymentId: string): Promise<boolean> {
    return (await this.redis.eval(IS_REQUESTED, 1, this.key('wanted'), deploymentId)) === 1;
  }

  /** @returns whether the caller now holds the claim to collect this log, and must renew it */
  async claim(deploymentId: string, token: string): Promise<boolean> {
    return (await this.redis.set(this.key('claim', deploymentId), token, 'PX', CLAIM_MS, 'NX')) === 'OK';
  }

  /**
   * Renews the claim, and records the state if it is known.
   *
   * @returns false when another collector holds the claim
   */
  async renew(
    { deploymentId, environmentId }: LogSubject,
    token: string,
    state: RuntimeLogState | null,
  ): Promise<boolean> {
    const isNew = state !== null && (await this.stateOf(deploymentId)) !== state;
    const keys = ['claim', 'state', 'lines', 'bytes'].map((kind) => this.key(kind, deploymentId));
    const channel = isNew ? logChannel(this.prefix, environmentId) : '';
    return (await this.redis.eval(RENEW, 4, ...keys, token, CLAIM_MS, state ?? '', KEPT_MS, channel)) === 1;
  }

  async release(deploymentId: string, token: string): Promise<void> {
    const keys = ['claim', 'state'].map((kind) => this.key(kind, deploymentId));
    await this.redis.eval(RELEASE, 2, ...keys, token);
  }

  /** Returns null while nobody collects the log. */
  async stateOf(deploymentId: string): Promise<RuntimeLogState | null> {
    return (await this.redis.get(this.key('state', deploymentId))) as RuntimeLogState | null;
  }

  /** @returns false when another collector holds the claim */
  async append(
    { deploymentId, environmentId }: LogSubject,
    token: string,
    lines: readonly RuntimeLogLine[],
  ): Promise<boolean> {
    const keys = ['claim', 'lines', 'bytes'].map((kind) => this.key(kind, deploymentId));
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
    deploymentId: string,
    place: RuntimeLogPlace,
    limit: number,
    bytes: number = MAX_BYTES,
  ): Promise<RuntimeLogLine[]> {
    const key = this.key('lines', deploymentId);
    const lines = await this.redis.eval(READ, 1, key, `(${placeId(place)}`, limit, bytes);
    return (lines as [string, string[]][]).map(lineOf);
  }

  /** Returns the last lines, none of them older than `since`. */
  async tail(deploymentId: string, limit: number, since: RuntimeLogPlace): Promise<RuntimeLogLine[]> {
    const key = this.key('lines', deploymentId);
    return (await this.redis.xrevrange(key, '+', placeId(since), 'COUNT', limit)).map(lineOf).reverse();
  }

  /**
   * Reports whether lines after this place may be lost: no line at or before it is kept, and so many others are that
   * older ones have probably been trimmed.
   */
  async isBehind(deploymentId: string, place: RuntimeLogPlace): Promise<boolean> {
    if (place.nanoseconds === '0') return false;
    const key = this.key('lines', deploymentId);
    const [before] = await this.redis.xrevrange(key, placeId(place), '-', 'COUNT', 1);
    if (before !== undefined) return false;
    const bytes = Number((await this.redis.get(this.key('bytes', deploymentId))) ?? 0);
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
