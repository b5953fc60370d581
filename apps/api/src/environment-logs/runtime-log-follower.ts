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

/** How often it is looked what is live, and for lines if no wake-up came. */
const FALLBACK_MS = 2_000;
/** However often lines come, what is live is not asked more often than this. */
const LIVE_FOR_MS = 250;
/** Lines read at once: what a watcher that does not keep up costs in memory. */
const BATCH = 200;

/** Which version a reader is at, and where in what it wrote. */
interface At {
  readonly deploymentId: string;
  readonly beginning: RuntimeLogBeginning;
  /** What Nexos has said of it that is not to be said again. */
  readonly isSealed: boolean;
}

/**
 * Streams what an environment's app writes: what was asked for of its history, then each line as it comes, of one live
 * version after the other, and an `end` event once the environment is destroyed.
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
   * @throws {ApiError} too-many-requests, when too many streams are open already; service-unavailable, when there are too
   *   many in all, or when nobody could ask the engine within seconds
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
      let at: At | null = cursor?.deploymentId
        ? { deploymentId: cursor.deploymentId, beginning: { after: cursor }, isSealed: false }
        : null;
      let live = await this.liveOf(accountId, id);
      let askedAt = performance.now();
      while (!signal.aborted) {
        if (performance.now() - askedAt > LIVE_FOR_MS) {
          askedAt = performance.now();
          live = await this.liveOf(accountId, id);
        }
        // Whatever the version before has written last comes before what the next one wrote.
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
      // With its project.
      if (error instanceof ApiError && error.kind === 'not-found') return 'destroyed';
      throw error;
    }
  }

  private async sendRest(start: At, events: EventWriter): Promise<At> {
    let at = start;
    const state = await this.reader.want(at.deploymentId);
    if (state === 'sealed' && at.isSealed) return at;
    for (;;) {
      // What comes with the history has its beginning chosen once, when the history is there.
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
