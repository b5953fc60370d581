import { isDatabaseUnavailable } from '@nexos/database';
import { LogUnavailableError, LogWatch, type RuntimeLogState, SharedReads } from '@nexos/logs';
import { RUNTIME_LOG_START, runtimeLogName } from '@nexos/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PrincipalRequest } from '../auth/principal.js';
import type { EnvironmentResponse } from '../environments/environment.response.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { encodeEvent, EventStreams, type EventWriter } from '../http/streams/event-streams.js';
import { ApiError } from '../http/problems/api-error.js';
import type { RuntimeLogStart } from './environment-logs.service.js';
import { RuntimeLogReader, type RuntimeLogBeginning, type RuntimeLogPage } from './runtime-log-reader.js';
import {
  toRuntimeLogLineResponse,
  type RuntimeLogEndEvent,
  type RuntimeLogLineEvent,
} from './runtime-log.response.js';

/** How often to check for the live version, and for lines if no wake-up arrived. */
const FALLBACK_MS = 2_000;
/** Minimum time between two checks for the live version, however often lines arrive. */
const LIVE_CHECK_MS = 250;
/** Lines and bytes per read; they bound the memory that a slow reader costs. */
const BATCH = 200;
const BATCH_BYTES = 32 * 1024;

/** The position of a reader: a version, and a place in its output. */
interface Position {
  readonly deploymentId: string;
  readonly beginning: RuntimeLogBeginning;
  /** Whether the reader has already been told that this log cannot be shown. */
  readonly isSealed: boolean;
}

/** Where a reader is; null before any version was live. */
interface Place {
  at: Position | null;
}

/**
 * Streams the output of a container of an environment: the requested history, then each line as it arrives, of one live version
 * after another, and an `end` event once the environment is destroyed. Followers that were woken together share what
 * they read, and its encoding.
 */
@Injectable()
export class RuntimeLogFollower {
  private readonly lives = new SharedReads<string | null>();
  private readonly states = new SharedReads<RuntimeLogState | null>();
  private readonly pages = new SharedReads<RuntimeLogPage>();
  private readonly encoded = new WeakMap<RuntimeLogPage, Buffer>();

  constructor(
    private readonly environments: EnvironmentsService,
    private readonly reader: RuntimeLogReader,
    private readonly watch: LogWatch,
    private readonly streams: EventStreams,
  ) {}

  /**
   * @throws {ApiError} too-many-requests, when the caller has too many open streams; service-unavailable, when there are
   *   too many in total, or when no worker could read the log from the engine in time
   */
  async follow(
    environment: EnvironmentResponse,
    start: RuntimeLogStart,
    request: PrincipalRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const first = start.deploymentId ?? environment.live_deployment_id;
    if (first !== null && request.method !== 'HEAD') await this.reader.ready(logOf(start, first));
    await this.streams.open(`the log of ${environment.id}`, request, reply, (events) =>
      this.send(request.principal.accountId, environment.id, start, events),
    );
  }

  private async send(
    accountId: string,
    id: string,
    start: RuntimeLogStart,
    events: EventWriter,
  ): Promise<void> {
    const { signal } = events;
    const { cursor } = start;
    await this.watch.watch(id, FALLBACK_MS, signal, async (nextChange, changes) => {
      const readLive = async () => {
        const now = await this.lives.share(`${accountId}/${id}/${changes()}`, () =>
          this.liveOf(accountId, id),
        );
        return now === 'destroyed' ? now : (start.deploymentId ?? now);
      };
      const place: Place = { at: null };
      if (cursor?.deploymentId) {
        place.at = { deploymentId: cursor.deploymentId, beginning: { after: cursor }, isSealed: false };
      }
      let live = await readLive();
      let askedAt = performance.now();
      while (!signal.aborted) {
        try {
          if (performance.now() - askedAt > LIVE_CHECK_MS) {
            live = await readLive();
            askedAt = performance.now();
          }
          // The last output of the previous version comes before that of the next one.
          if (place.at !== null && place.at.deploymentId !== live)
            await this.sendRest(place, start, changes, events);
          if (live === 'destroyed') {
            await events.write('end', { status: 'destroyed' } satisfies RuntimeLogEndEvent);
            return;
          }
          if (live !== null && place.at?.deploymentId !== live) {
            const beginning = place.at === null ? start.beginning : { after: RUNTIME_LOG_START };
            place.at = { deploymentId: live, beginning, isSealed: false };
          }
          if (live !== null) await this.sendRest(place, start, changes, events);
        } catch (error) {
          if (!(error instanceof LogUnavailableError) && !isDatabaseUnavailable(error)) throw error;
          // The lines come late.
          await events.writeRetry();
        }
        await nextChange();
      }
    });
  }

  private async liveOf(accountId: string, id: string): Promise<string | null> {
    try {
      const { status, live_deployment_id: live } = await this.environments.get(accountId, id);
      return status === 'destroyed' ? status : live;
    } catch (error) {
      // Its project was deleted too.
      if (error instanceof ApiError && error.kind === 'not-found') return 'destroyed';
      throw error;
    }
  }

  /** Sends what there is, and moves the place on with each batch: an outage may interrupt it. */
  private async sendRest(
    place: Place,
    start: RuntimeLogStart,
    changes: () => number,
    events: EventWriter,
  ): Promise<void> {
    if (place.at === null) return;
    const { deploymentId: id } = place.at;
    const log = logOf(start, id);
    const state = await this.states.share(`${log} ${changes()}`, () => this.reader.want(log));
    if (state === 'sealed' && place.at.isSealed) return;
    for (let { beginning } = place.at; !events.signal.aborted;) {
      // A tail is selected once, as soon as the history is available.
      if (state === null && !('after' in beginning)) return;
      const from = beginning;
      const page = await this.pages.share(`${log} ${state ?? ''} ${JSON.stringify(from)} ${changes()}`, () =>
        this.reader.read(log, state, from, BATCH, BATCH_BYTES),
      );
      if (page.lines.length > 0) await events.writeEncoded(this.encode(id, page));
      beginning = { after: page.next };
      place.at = { deploymentId: id, beginning, isSealed: state === 'sealed' };
      if (state === 'sealed' || page.lines.length === 0) return;
    }
  }

  private encode(deploymentId: string, page: RuntimeLogPage): Buffer {
    const known = this.encoded.get(page);
    if (known !== undefined) return known;
    const events = page.lines.map((line) => {
      const { cursor, ...event } = toRuntimeLogLineResponse(deploymentId, line);
      return encodeEvent('line', event satisfies RuntimeLogLineEvent, cursor);
    });
    const encoded = Buffer.from(events.join(''));
    this.encoded.set(page, encoded);
    return encoded;
  }
}

function logOf({ container }: RuntimeLogStart, deploymentId: string): string {
  return runtimeLogName({ deploymentId, container });
}
