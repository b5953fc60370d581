import { LogWatch } from '@nexos/logs';
import { RUNTIME_LOG_START } from '@nexos/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PrincipalRequest } from '../auth/principal.js';
import type { EnvironmentResponse } from '../environments/environment.response.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { EventStreams, type EventWriter } from '../http/streams/event-streams.js';
import { ApiError } from '../http/problems/api-error.js';
import type { RuntimeLogStart } from './environment-logs.service.js';
import { RuntimeLogReader, type RuntimeLogBeginning } from './runtime-log-reader.js';
import {
  toRuntimeLogLineResponse,
  type RuntimeLogEndEvent,
  type RuntimeLogLineEvent,
} from './runtime-log.response.js';

/** How often to check for the live version, and for lines if no wake-up arrived. */
const FALLBACK_MS = 2_000;
/** Minimum time between two checks for the live version, however often lines arrive. */
const LIVE_CHECK_MS = 250;
/** Lines per read; bounds the memory that a slow reader costs. */
const BATCH = 200;

/** The position of a reader: a version, and a place in its output. */
interface Position {
  readonly deploymentId: string;
  readonly beginning: RuntimeLogBeginning;
  /** Whether the reader has already been told that this log cannot be shown. */
  readonly isSealed: boolean;
}

/**
 * Streams the output of an environment's app: the requested history, then each line as it arrives, of one live version
 * after another, and an `end` event once the environment is destroyed.
 */
@Injectable()
export class RuntimeLogFollower {
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
    const live = environment.live_deployment_id;
    if (live !== null && request.method !== 'HEAD') await this.reader.ready(live);
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
    await this.watch.watch(id, FALLBACK_MS, signal, async (nextChange) => {
      let at: Position | null = cursor?.deploymentId
        ? { deploymentId: cursor.deploymentId, beginning: { after: cursor }, isSealed: false }
        : null;
      let live = await this.liveOf(accountId, id);
      let askedAt = performance.now();
      while (!signal.aborted) {
        if (performance.now() - askedAt > LIVE_CHECK_MS) {
          askedAt = performance.now();
          live = await this.liveOf(accountId, id);
        }
        // The last output of the previous version comes before that of the next one.
        if (at !== null && at.deploymentId !== live) await this.sendRest(at, events);
        if (live === 'destroyed') {
          await events.write('end', { status: 'destroyed' } satisfies RuntimeLogEndEvent);
          return;
        }
        if (live !== null) {
          if (at?.deploymentId !== live) {
            const beginning: RuntimeLogBeginning = at === null ? start.ofLive : { after: RUNTIME_LOG_START };
            at = { deploymentId: live, beginning, isSealed: false };
          }
          at = await this.sendRest(at, events);
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

  private async sendRest(start: Position, events: EventWriter): Promise<Position> {
    let at = start;
    const state = await this.reader.want(at.deploymentId);
    if (state === 'sealed' && at.isSealed) return at;
    for (;;) {
      // A tail is selected once, as soon as the history is available.
      if (state === null && !('after' in at.beginning)) return at;
      const { lines, next } = await this.reader.read(at.deploymentId, state, at.beginning, BATCH);
      for (const line of lines) {
        const { cursor, ...event } = toRuntimeLogLineResponse(at.deploymentId, line);
        await events.write('line', event satisfies RuntimeLogLineEvent, cursor);
      }
      const isTail = !('after' in at.beginning);
      at = { ...at, beginning: { after: next }, isSealed: state === 'sealed' };
      if (state === 'sealed' || (!isTail && lines.length < BATCH)) return at;
    }
  }
}
