import { setTimeout as delay } from 'node:timers/promises';
import type { EngineClient } from '../client/engine-client.js';
import { mapEngineError } from '../client/engine-errors.js';
import { LineBeginnings, readFrames, type LogFrame } from './log-frames.js';
import { visibleLine } from './service-logs.js';

/** The most bytes read of one service per second; the rest of a flood waits at the engine. */
const BYTES_PER_SECOND = 4 * 1024 * 1024;
const SECOND_MS = 1_000;
const TASK = 'com.docker.swarm.task.id=';

export interface FollowOptions {
  /** Where to start, inclusive, in nanoseconds since the epoch. */
  readonly since?: string;
  /** The number of existing lines of each container to start with. */
  readonly tail: number;
  readonly signal: AbortSignal;
}

/** One line that a container of a service wrote. */
export interface ServiceLogLine {
  /** The engine's own timestamp: RFC 3339 with up to nine decimals. */
  readonly time: string;
  /** The Swarm task that wrote it. */
  readonly task: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/**
 * Follows the output of a service's containers, later containers included, until the signal aborts. The engine never
 * ends the stream, even when the service is gone or has no container. It sorts lines only within one container.
 */
export async function* followServiceLogs(
  client: EngineClient,
  id: string,
  { since, tail, signal }: FollowOptions,
): AsyncGenerator<ServiceLogLine> {
  const beginnings = new LineBeginnings();
  const rateLimit = new RateLimit(signal);
  try {
    const response = await client.open({
      method: 'GET',
      path: `/services/${id}/logs?`,
      options: {
        stdout: true,
        stderr: true,
        timestamps: true,
        details: true,
        follow: true,
        tail: String(tail),
        ...(since === undefined ? {} : { since: secondsOf(since) }),
      },
      abortSignal: signal,
    });
    for await (const frame of readFrames(response)) {
      await rateLimit.take(frame.content.length);
      const line = serviceLogLine(frame);
      if (beginnings.isBeginning(`${line.stream} of ${line.task}`, frame)) yield line;
    }
  } catch (error) {
    if (!signal.aborted) throw mapEngineError(error);
  }
}

/** Parses `<time> <detail>,<detail>,… <text>`; details are percent-encoded and contain no spaces. */
export function serviceLogLine({ stream, content }: LogFrame): ServiceLogLine {
  const text = content.toString('utf8');
  const afterTime = text.indexOf(' ');
  const afterDetails = text.indexOf(' ', afterTime + 1);
  const details = text.slice(afterTime + 1, afterDetails).split(',');
  const task = details.find((detail) => detail.startsWith(TASK))?.slice(TASK.length) ?? '';
  return { time: text.slice(0, afterTime), task, stream, text: visibleLine(text.slice(afterDetails + 1)) };
}

/** Formats the seconds with nine decimals that the engine expects. */
function secondsOf(nanoseconds: string): string {
  const digits = nanoseconds.padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** Limits the bytes read per second. */
class RateLimit {
  private began = performance.now();
  private bytes = 0;

  constructor(private readonly signal: AbortSignal) {}

  async take(bytes: number): Promise<void> {
    const since = performance.now() - this.began;
    if (since >= SECOND_MS) {
      this.began = performance.now();
      this.bytes = 0;
    } else if (this.bytes >= BYTES_PER_SECOND) {
      await delay(SECOND_MS - since, undefined, { signal: this.signal });
      this.began = performance.now();
      this.bytes = 0;
    }
    this.bytes += bytes;
  }
}
