import { BuildLog, LogWatch } from '@nexos/logs';
import { type LogCursor } from '@nexos/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PrincipalRequest } from '../auth/principal.js';
import { EventStreams, type EventWriter } from '../http/streams/event-streams.js';
import type { LogSource } from './log-source.js';
import { toLogLineResponse, type LogLineEvent } from './log.response.js';

/** How often a log is looked at even if no wake-up came. */
const FALLBACK_MS = 2_000;
/** Lines read at once: what a watcher that does not keep up costs in memory. */
const BATCH = 200;

/** Streams a log: history first, then each line as it comes, and at the end an `end` event with what came of it. */
@Injectable()
export class LogFollower {
  constructor(
    private readonly log: BuildLog,
    private readonly watch: LogWatch,
    private readonly streams: EventStreams,
  ) {}

  /** @throws {ApiError} too-many-requests, service-unavailable: when too many streams are open already */
  async follow(
    source: LogSource,
    after: LogCursor,
    request: PrincipalRequest,
    reply: FastifyReply,
  ): Promise<void> {
    await this.streams.open(`the log of ${source.id}`, request, reply, (events) =>
      this.send(source, after, events),
    );
  }

  private async send({ id, progress }: LogSource, start: LogCursor, events: EventWriter): Promise<void> {
    const { signal } = events;
    await this.watch.watch(id, FALLBACK_MS, signal, async (nextChange) => {
      let after = start;
      while (!signal.aborted) {
        const { state, ended } = await progress();
        const isWhole = ended && (await this.log.reader.isWhole(id));
        for (;;) {
          const lines = await this.log.reader.read(id, after, BATCH);
          for (const line of lines) {
            const { cursor, ...event } = toLogLineResponse(line);
            await events.write('line', event satisfies LogLineEvent, cursor);
          }
          after = lines.at(-1) ?? after;
          if (lines.length < BATCH) break;
        }
        if (isWhole) {
          await events.write('end', state);
          return;
        }
        await nextChange();
      }
    });
  }
}
