import { setTimeout as delay } from 'node:timers/promises';
import { placeAt, RUNTIME_LOG_START, type RuntimeLogLine, type RuntimeLogPlace } from '@nexos/contracts';
import { LogUnavailableError, RuntimeLog, type RuntimeLogState } from '@nexos/logs';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../http/problems/api-error.js';

/** How long the first read of a log may take. */
const READY_TIMEOUT_MS = 6_000;
const POLL_MS = 100;
const SEALED =
  'the log cannot be shown: a variable of the project cannot be decrypted, so it cannot be redacted from the log. Set the variable again, or tell the operator that an encryption key is missing';
const BEHIND = 'lines may be missing here: the app wrote more than Nexos keeps for readers';

/** Where to start reading. */
export type RuntimeLogBeginning =
  { readonly after: RuntimeLogPlace } | { readonly tail: number; readonly since?: number };

/** The lines that were read, and the place after them. */
export interface RuntimeLogPage {
  readonly lines: RuntimeLogLine[];
  readonly next: RuntimeLogPlace;
}

/** Reads the output of containers, and requests its collection. Logs have the names of `runtimeLogName`. */
@Injectable()
export class RuntimeLogReader {
  constructor(private readonly logs: RuntimeLog) {}

  /** Requests collection of a log; call it every few seconds. Returns null until a worker collects it. */
  want(log: string): Promise<RuntimeLogState | null> {
    return available(async () => {
      await this.logs.request(log);
      return this.logs.stateOf(log);
    });
  }

  /**
   * Resolves when the output so far can be read.
   *
   * @throws {ApiError} service-unavailable, when no worker could read the log from the engine in time
   * @throws {LogUnavailableError}
   */
  async ready(log: string): Promise<RuntimeLogState> {
    const deadline = performance.now() + READY_TIMEOUT_MS;
    for (;;) {
      const state = await this.want(log);
      if (state === 'away') throw unavailable('the container engine does not answer');
      if (state !== null) return state;
      if (performance.now() > deadline) throw unavailable('no worker collected it in time');
      await delay(POLL_MS);
    }
  }

  /**
   * @param state from `ready` or `want`
   * @param bytes of text after which reading from a place on ends
   * @throws {LogUnavailableError}
   */
  async read(
    log: string,
    state: RuntimeLogState | null,
    beginning: RuntimeLogBeginning,
    limit: number,
    bytes?: number,
  ): Promise<RuntimeLogPage> {
    if (state === 'sealed') {
      const next = 'after' in beginning ? beginning.after : RUNTIME_LOG_START;
      return { lines: [systemLine(next, SEALED)], next };
    }
    const lines = await available(() => this.linesOf(log, beginning, limit, bytes));
    const start = 'after' in beginning ? beginning.after : placeAt(beginning.since ?? 0);
    const last = lines.at(-1);
    return {
      lines,
      next: last === undefined ? start : { nanoseconds: last.nanoseconds, ordinal: last.ordinal },
    };
  }

  private async linesOf(
    log: string,
    beginning: RuntimeLogBeginning,
    limit: number,
    bytes?: number,
  ): Promise<RuntimeLogLine[]> {
    if (!('after' in beginning)) {
      return this.logs.tail(log, beginning.tail, placeAt(beginning.since ?? 0));
    }
    const { after } = beginning;
    const lines = await this.logs.after(log, after, limit, bytes);
    return (await this.logs.isBehind(log, after)) ? [systemLine(after, BEHIND), ...lines] : lines;
  }
}

/** @throws {LogUnavailableError} when Redis cannot be read */
async function available<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new LogUnavailableError({ cause: error });
  }
}

/** Creates a line by Nexos. It has the place of the line before it, so that readers who resume there miss nothing. */
function systemLine(place: RuntimeLogPlace, text: string): RuntimeLogLine {
  return { nanoseconds: place.nanoseconds, ordinal: place.ordinal, stream: 'system', text };
}

function unavailable(why: string): ApiError {
  return new ApiError(
    'service-unavailable',
    `The app's log cannot be read at the moment: ${why}. Try again.`,
  );
}
