import { setTimeout as delay } from 'node:timers/promises';
import { placeAt, RUNTIME_LOG_START, type RuntimeLogLine, type RuntimeLogPlace } from '@nexos/contracts';
import { RuntimeLog, type RuntimeLogState } from '@nexos/logs';
import { Injectable, Logger } from '@nestjs/common';
import { ApiError } from '../http/problems/api-error.js';

/** How long a log may take that nobody read before. */
const PATIENCE_MS = 6_000;
/** How often it is looked whether it is there. */
const LOOK_MS = 100;
const SEALED =
  'the log cannot be shown: a variable of the project cannot be decrypted, so that it could not be blacked out. Set it again, or tell the operator that an encryption key is missing';
const BEHIND = 'lines may be missing here: more was written than is kept for a reader';

/** Where to begin to read. */
export type RuntimeLogBeginning =
  { readonly after: RuntimeLogPlace } | { readonly tail: number; readonly since?: number };

/** What was read, and the place after it. */
export interface RuntimeLogPage {
  readonly lines: RuntimeLogLine[];
  readonly next: RuntimeLogPlace;
}

/** Reads what the app of one deployment wrote, and has it collected for that. */
@Injectable()
export class RuntimeLogReader {
  private readonly logger = new Logger(RuntimeLogReader.name);

  constructor(private readonly log: RuntimeLog) {}

  /** Has a log collected, for as long as this is said again every few seconds; null while nobody does. */
  async want(deploymentId: string): Promise<RuntimeLogState | null> {
    await this.log.want(deploymentId);
    return this.log.stateOf(deploymentId);
  }

  /**
   * Resolves when what the app has written so far can be read.
   *
   * @throws {ApiError} service-unavailable, when nobody could ask the engine within seconds
   */
  async ready(deploymentId: string): Promise<RuntimeLogState> {
    const deadline = performance.now() + PATIENCE_MS;
    try {
      for (;;) {
        const state = await this.want(deploymentId);
        if (state === 'away') throw unavailable('the container engine does not answer');
        if (state !== null) return state;
        if (performance.now() > deadline) throw unavailable('no worker has collected it in time');
        await delay(LOOK_MS);
      }
    } catch (error) {
      if (error instanceof ApiError) throw error;
      this.logger.warn(`the runtime log of ${deploymentId}: ${(error as Error).message}`);
      throw unavailable('Redis is away');
    }
  }

  /** @param state as `ready` or `want` told it */
  async read(
    deploymentId: string,
    state: RuntimeLogState | null,
    beginning: RuntimeLogBeginning,
    limit: number,
  ): Promise<RuntimeLogPage> {
    if (state === 'sealed') {
      const next = 'after' in beginning ? beginning.after : RUNTIME_LOG_START;
      return { lines: [said(next, SEALED)], next };
    }
    const lines = await this.linesOf(deploymentId, beginning, limit);
    const start = 'after' in beginning ? beginning.after : placeAt(beginning.since ?? 0);
    const last = lines.at(-1);
    return {
      lines,
      next: last === undefined ? start : { nanoseconds: last.nanoseconds, ordinal: last.ordinal },
    };
  }

  private async linesOf(
    deploymentId: string,
    beginning: RuntimeLogBeginning,
    limit: number,
  ): Promise<RuntimeLogLine[]> {
    if (!('after' in beginning)) {
      return this.log.tail(deploymentId, beginning.tail, placeAt(beginning.since ?? 0));
    }
    const { after } = beginning;
    const lines = await this.log.after(deploymentId, after, limit);
    return (await this.log.isBehind(deploymentId, after)) ? [said(after, BEHIND), ...lines] : lines;
  }
}

/** What Nexos says itself has the place of the line before it: whoever goes on after it misses nothing. */
function said(place: RuntimeLogPlace, text: string): RuntimeLogLine {
  return { nanoseconds: place.nanoseconds, ordinal: place.ordinal, stream: 'system', text };
}

function unavailable(why: string): ApiError {
  return new ApiError('service-unavailable', `The app’s log cannot be read just now: ${why}. Try again.`);
}
