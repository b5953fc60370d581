import { setTimeout as delay } from 'node:timers/promises';
import type { EngineClient } from '../client/engine-client.js';
import { mapEngineError } from '../client/engine-errors.js';
import { LineBeginnings, readFrames, type LogFrame } from './log-frames.js';
import { printedLine } from './service-logs.js';

/** What is read of one service in a second at most, in bytes: the rest of a flood waits at the engine. */
const BYTES_A_SECOND = 4 * 1024 * 1024;
const SECOND_MS = 1_000;
const TASK = 'com.docker.swarm.task.id=';

export interface FollowOptions {
  /** From when on, in nanoseconds since the epoch; that moment included. */
  readonly since?: string;
  /** How many lines of each container to begin with. */
  readonly tail: number;
  readonly signal: AbortSignal;
}

/** One line that a container of a service wrote. */
export interface ServiceLogLine {
  /** RFC 3339 with up to nine decimals: the engine's own time of it. */
  readonly time: string;
  /** The Swarm task that wrote it. */
  readonly task: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/**
 * Reads what a service's containers wrote, and goes on with what they write, later containers included, until the
 * signal says stop. The engine never ends it by itself, not even when the service is gone or has no container; and it
 * sorts the lines of one container only.
 */
export async function* followServiceLogs(
  client: EngineClient,
  id: string,
  { since, tail, signal }: FollowOptions,
): AsyncGenerator<ServiceLogLine> {
  const beginnings = new LineBeginnings();
  const pace = new Pace(signal);
  try {
    const answer = await client.open({
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
    for await (const frame of readFrames(answer)) {
      await pace.take(frame.content.length);
      const line = serviceLogLine(frame);
      if (beginnings.isBeginning(`${line.stream} of ${line.task}`, frame)) yield line;
    }
  } catch (error) {
    if (!signal.aborted) throw mapEngineError(error);
  }
}

/** `<time> <detail>,<detail>,… <text>`; what a detail holds is percent-encoded, and has no space. */
export function serviceLogLine({ stream, content }: LogFrame): ServiceLogLine {
  const text = content.toString('utf8');
  const afterTime = text.indexOf(' ');
  const afterDetails = text.indexOf(' ', afterTime + 1);
  const details = text.slice(afterTime + 1, afterDetails).split(',');
  const task = details.find((detail) => detail.startsWith(TASK))?.slice(TASK.length) ?? '';
  return { time: text.slice(0, afterTime), task, stream, text: printedLine(text.slice(afterDetails + 1)) };
}

/** The engine takes seconds with nine decimals. */
function secondsOf(nanoseconds: string): string {
  const digits = nanoseconds.padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** Waits where more came within a second than may. */
class Pace {
  private began = performance.now();
  private bytes = 0;

  constructor(private readonly signal: AbortSignal) {}

  async take(bytes: number): Promise<void> {
    const since = performance.now() - this.began;
    if (since >= SECOND_MS) {
      this.began = performance.now();
      this.bytes = 0;
    } else if (this.bytes >= BYTES_A_SECOND) {
      await delay(SECOND_MS - since, undefined, { signal: this.signal });
      this.began = performance.now();
      this.bytes = 0;
    }
    this.bytes += bytes;
  }
}
