import { BuildLog, LogWatch } from '@nexos/logs';
import { type LogCursor } from '@nexos/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PrincipalRequest } from '../auth/principal.js';
import { EventStreams, type EventWriter } from '../http/streams/event-streams.js';
import type { LogSource } from './log-source.js';
import { toLogLineResponse, type LogLineEvent } from './log.response.js';

/** How often to check a log even without a wake-up. */
const FALLBACK_MS = 2_000;
/** Lines per read; bounds the memory that a slow reader costs. */
const BATCH = 200;

/** Streams a log: first its history, then each line as it arrives, and finally an `end` event with the final state. */
@Injectable()
export class LogFollower {
  constructor(
    private readonly log: BuildLog,
    private readonly watch: LogWatch,
    private readonly streams: EventStreams,
  ) {}

  /** @throws {ApiError} too-many-requests or service-unavailable, when too many streams are open */
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
        const isComplete = ended && (await this.log.reader.isComplete(id));
        for (;;) {
          const lines = await this.log.reader.read(id, after, BATCH);
          for (const line of lines) {
            const { cursor, ...event } = toLogLineResponse(line);
            await events.write('line', event satisfies LogLineEvent, cursor);
          }
          after = lines.at(-1) ?? after;
          if (lines.length < BATCH) break;
        }
        if (isComplete) {
          await events.write('end', state);
          return;
        }
        await nextChange();
      }
    });
  }
}
