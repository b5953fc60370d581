import { BuildLog, type LogChunk, LogUnavailableError, type LogView } from '@nexos/logs';
import { type LogCursor } from '@nexos/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PrincipalRequest } from '../auth/principal.js';
import { encodeEvent, EventStreams, type EventWriter } from '../http/streams/event-streams.js';
import { LogFeeds } from './log-feeds.js';
import type { LogSource } from './log-source.js';
import { toLogLineResponse, type LogLineEvent } from './log.response.js';

/**
 * Streams a log: first its history, then each line as it arrives, and finally an `end` event with the final state.
 * Followers at the same place share what is read, and its encoding.
 */
@Injectable()
export class LogFollower {
  /** The events of the chunks in memory. */
  private readonly encoded = new WeakMap<LogChunk, Buffer>();

  constructor(
    private readonly log: BuildLog,
    private readonly feeds: LogFeeds,
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

  private async send(source: LogSource, start: LogCursor, events: EventWriter): Promise<void> {
    await this.feeds.follow(source, events.signal, async (next) => {
      let after = start;
      for (let present = await next(); present !== null; present = await next()) {
        try {
          for await (const chunk of this.chunks(source.id, present.view, after)) {
            await events.writeEncoded(this.encode(chunk));
            if (events.signal.aborted) return;
            after = chunk.at(-1) ?? after;
          }
        } catch (error) {
          if (!(error instanceof LogUnavailableError)) throw error;
          // The lines come late: the feed looks again within seconds.
          await events.writeRetry();
          continue;
        }
        if (present.isComplete) {
          await events.write('end', present.state);
          return;
        }
      }
    });
  }

  private async *chunks(id: string, view: LogView, start: LogCursor): AsyncGenerator<LogChunk> {
    let after = start;
    for (;;) {
      const chunk = await this.log.reader.chunk(id, view, after);
      if (chunk === null) return;
      yield chunk;
      after = chunk.at(-1) ?? after;
    }
  }

  private encode(chunk: LogChunk): Buffer {
    const known = this.encoded.get(chunk);
    if (known !== undefined) return known;
    const events = chunk.map((line) => {
      const { cursor, ...event } = toLogLineResponse(line);
      return encodeEvent('line', event satisfies LogLineEvent, cursor);
    });
    const encoded = Buffer.from(events.join(''));
    this.encoded.set(chunk, encoded);
    return encoded;
  }
}
