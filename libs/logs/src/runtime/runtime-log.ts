import { type RuntimeLogLine, type RuntimeLogPlace } from '@nexos/contracts';
import type { Redis } from 'ioredis';
import { logChannel } from '../build/log-keys.js';
import { APPEND, IS_WANTED, RELEASE, RENEW, WANT, WANTED } from './runtime-log-scripts.js';

/** A log is collected for so long after somebody last asked for it. */
const WANTED_MS = 30_000;
/** A collector that has not been heard of for so long is dead. */
const CLAIM_MS = 8_000;
/** What was collected is kept for so long after the last of it. */
const KEPT_MS = 120_000;
/** What is kept of one deployment: readers that fall further behind miss lines. */
const MOST_LINES = 2_000;
const MOST_BYTES = 2 * 1024 * 1024;
/** Lines of each container that a collector begins with. */
export const RUNTIME_LOG_HISTORY = 1_000;
/** Logs that are collected at once, by all collectors together. */
const MOST_WANTED = 1_000;

/**
 * How it stands with the log of a deployment. `following`: what the app has written is there, and what it writes comes.
 * `missing`: nothing runs it. `sealed`: it cannot be shown, since secrets could not be taken out of it. `away`: the
 * engine does not answer.
 */
export type RuntimeLogState = 'following' | 'missing' | 'sealed' | 'away';

/** Whose log it is. */
export interface Followed {
  readonly deploymentId: string;
  readonly environmentId: string;
}

/**
 * What apps write, on its way from whoever can ask the engine to whoever is asked for it. It is collected while somebody
 * reads it, and kept in Redis for moments: the engine is what remembers.
 */
export class RuntimeLog {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  /** Has a deployment's log collected for the next 30 s. */
  async want(deploymentId: string): Promise<void> {
    await this.redis.eval(WANT, 1, this.key('wanted'), WANTED_MS, deploymentId);
  }

  /** The deployments whose logs somebody reads. */
  async wanted(): Promise<string[]> {
    return (await this.redis.eval(WANTED, 1, this.key('wanted'), MOST_WANTED)) as string[];
  }

  async isWanted(deploymentId: string): Promise<boolean> {
    return (await this.redis.eval(IS_WANTED, 1, this.key('wanted'), deploymentId)) === 1;
  }

  /** @returns whether it is the caller's to collect this log, who then has to renew that */
  async claim(deploymentId: string, token: string): Promise<boolean> {
    return (await this.redis.set(this.key('claim', deploymentId), token, 'PX', CLAIM_MS, 'NX')) === 'OK';
  }

  /**
   * Keeps the claim, and says how things stand as far as that is known.
   *
   * @returns false when the claim is another's by now
   */
  async renew(
    { deploymentId, environmentId }: Followed,
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

  /** Null while nobody collects it. */
  async stateOf(deploymentId: string): Promise<RuntimeLogState | null> {
    return (await this.redis.get(this.key('state', deploymentId))) as RuntimeLogState | null;
  }

  /** @returns false when the claim is another's by now */
  async append(
    { deploymentId, environmentId }: Followed,
    token: string,
    lines: readonly RuntimeLogLine[],
  ): Promise<boolean> {
    const keys = ['claim', 'lines', 'bytes'].map((kind) => this.key(kind, deploymentId));
    const channel = logChannel(this.prefix, environmentId);
    const args = lines.flatMap((line) => [placeId(line), line.stream, line.text]);
    const answer = await this.redis.eval(
      APPEND,
      3,
      ...keys,
      token,
      KEPT_MS,
      MOST_LINES,
      MOST_BYTES,
      channel,
      ...args,
    );
    return answer === 1;
  }

  /** The first lines after a place. */
  async after(deploymentId: string, place: RuntimeLogPlace, limit: number): Promise<RuntimeLogLine[]> {
    const key = this.key('lines', deploymentId);
    return (await this.redis.xrange(key, `(${placeId(place)}`, '+', 'COUNT', limit)).map(lineOf);
  }

  /** The last lines, none of which is from before `since`. */
  async tail(deploymentId: string, limit: number, since: RuntimeLogPlace): Promise<RuntimeLogLine[]> {
    const key = this.key('lines', deploymentId);
    return (await this.redis.xrevrange(key, '+', placeId(since), 'COUNT', limit)).map(lineOf).reverse();
  }

  /**
   * Whether lines after this place may be gone already: neither it nor any before it is kept, though so many others are
   * that these are not all there were.
   */
  async isBehind(deploymentId: string, place: RuntimeLogPlace): Promise<boolean> {
    if (place.nanoseconds === '0') return false;
    const key = this.key('lines', deploymentId);
    const [before] = await this.redis.xrevrange(key, placeId(place), '-', 'COUNT', 1);
    if (before !== undefined) return false;
    const bytes = Number((await this.redis.get(this.key('bytes', deploymentId))) ?? 0);
    return (await this.redis.xlen(key)) >= RUNTIME_LOG_HISTORY || bytes >= MOST_BYTES / 2;
  }

  private key(...parts: string[]): string {
    return [this.prefix, 'runtime-log', ...parts].join(':');
  }
}

/** An entry of a Redis Stream is named by two 64-bit numbers, and sorted by them, just as a place is. */
function placeId({ nanoseconds, ordinal }: RuntimeLogPlace): string {
  return `${nanoseconds}-${ordinal}`;
}

function lineOf([id, [stream = '', text = '']]: [string, string[]]): RuntimeLogLine {
  const [nanoseconds = '0', ordinal = '0'] = id.split('-');
  return { nanoseconds, ordinal: Number(ordinal), stream: stream as RuntimeLogLine['stream'], text };
}
