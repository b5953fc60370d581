import { BuildLog } from '@nexos/logs';
import { formatLogCursor, LOG_START, type LogCursor, parseLogCursor } from '@nexos/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PrincipalRequest } from '../auth/principal.js';
import { refused } from '../http/problems/api-error.js';
import { LogPages, MAX_PAGE_BYTES, type LogPageResponse } from '../http/streams/log-pages.js';
import { LogFollower } from './log-follower.js';
import type { LogQuery } from './log-query.dto.js';
import type { LogSource } from './log-source.js';
import { toLogLineResponse } from './log.response.js';

/** Responds with a log: one page as JSON, or all existing and future lines as server-sent events. */
@Injectable()
export class LogResponder {
  constructor(
    private readonly log: BuildLog,
    private readonly follower: LogFollower,
    private readonly pages: LogPages,
  ) {}

  /** @throws {ApiError} validation, for a cursor that is not of this log; what `LogFollower.follow` throws */
  async respond(
    source: LogSource,
    query: LogQuery,
    request: PrincipalRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { accept, 'last-event-id': lastEventId } = request.headers;
    // A browser that has received no event yet sends none, or an empty one.
    const after = await this.cursorOf(source.id, lastEventId?.toString() || query.cursor);
    if (accept?.includes('text/event-stream') === true) {
      await this.follower.follow(source, after, request, reply);
      return;
    }
    await this.pages.send(request.principal, reply, () => this.page(source, after, query.limit));
  }

  private async cursorOf(id: string, text: string | undefined): Promise<LogCursor> {
    if (text === undefined || text === '') return LOG_START;
    const cursor = parseLogCursor(text);
    if (cursor !== null && (await this.log.reader.has(id, cursor))) return cursor;
    throw refused([{ field: 'cursor', message: 'must be a cursor of this log' }]);
  }

  /** Reads the state before the lines, so that the lines of a complete log include the last one. */
  private async page({ id, progress }: LogSource, after: LogCursor, limit: number): Promise<LogPageResponse> {
    const { state, ended } = await progress();
    const isComplete = ended && (await this.log.reader.isComplete(id));
    const { lines, bytes, isLast } = await this.log.reader.read(id, after, limit, MAX_PAGE_BYTES);
    const body = {
      ...state,
      lines: lines.map(toLogLineResponse),
      next_cursor: isComplete && isLast ? null : formatLogCursor(lines.at(-1) ?? after),
    };
    return { body, bytes };
  }
}
