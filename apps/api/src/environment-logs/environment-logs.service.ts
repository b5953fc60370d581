import {
  formatRuntimeLogCursor,
  parseRuntimeLogCursor,
  RUNTIME_LOG_START,
  type RuntimeLogCursor,
} from '@nexos/contracts';
import { DeploymentsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { EnvironmentsService } from '../environments/environments.service.js';
import { refused } from '../http/problems/api-error.js';
import { MOST_LINES, USUAL_TAIL, type RuntimeLogQuery } from './dto/runtime-log-query.dto.js';
import { RuntimeLogReader, type RuntimeLogBeginning } from './runtime-log-reader.js';
import {
  toRuntimeLogLineResponse,
  type RuntimeLogLineResponse,
  type RuntimeLogResponse,
} from './runtime-log.response.js';

/** Where a reader of an environment's log begins: after a place that it knows, or with what is live now. */
export interface RuntimeLogStart {
  readonly cursor: RuntimeLogCursor | null;
  readonly ofLive: RuntimeLogBeginning;
}

/** What the apps of one account's environments write. */
@Injectable()
export class EnvironmentLogsService {
  constructor(
    private readonly deployments: DeploymentsRepository,
    private readonly environments: EnvironmentsService,
    private readonly reader: RuntimeLogReader,
  ) {}

  /**
   * Reads from a query where to begin. What a reader that was cut off has seen counts before all else, since it asks
   * with the same query again.
   *
   * @throws {ApiError} validation, for a place that the log of this environment does not have
   */
  async startOf(
    environmentId: string,
    { cursor, tail, since }: RuntimeLogQuery,
    lastEventId: string | undefined,
  ): Promise<RuntimeLogStart> {
    if (lastEventId !== undefined && lastEventId !== '') {
      return {
        cursor: await this.cursorOf(environmentId, lastEventId),
        ofLive: { after: RUNTIME_LOG_START },
      };
    }
    if (cursor !== undefined) {
      const message = 'says where to go on already; leave it out, or the cursor';
      const tooMuch = Object.entries({ tail, since }).filter(([, value]) => value !== undefined);
      if (tooMuch.length > 0) throw refused(tooMuch.map(([field]) => ({ field, message })));
      return { cursor: await this.cursorOf(environmentId, cursor), ofLive: { after: RUNTIME_LOG_START } };
    }
    if (since === undefined) return { cursor: null, ofLive: { tail: tail ?? USUAL_TAIL } };
    // A time before 1970 is one before every line.
    const from = Math.max(0, Date.parse(since));
    return { cursor: null, ofLive: { tail: tail ?? MOST_LINES, since: from } };
  }

  /**
   * One page: what is left of the version that the reader has seen last, then what is live.
   *
   * @throws {ApiError} service-unavailable, when nobody could ask the engine within seconds
   */
  async page(accountId: string, id: string, start: RuntimeLogStart): Promise<RuntimeLogResponse> {
    const { status, live_deployment_id: live } = await this.environments.get(accountId, id);
    if (status === 'destroyed') return { status, lines: [], next_cursor: null };
    const { cursor } = start;
    const lines: RuntimeLogLineResponse[] = [];
    let next = cursor ?? { ...RUNTIME_LOG_START, deploymentId: null };
    if (cursor !== null && cursor.deploymentId !== null && cursor.deploymentId !== live) {
      const rest = await this.reader.read(cursor.deploymentId, null, { after: cursor }, MOST_LINES);
      lines.push(...rest.lines.map((line) => toRuntimeLogLineResponse(cursor.deploymentId ?? '', line)));
      next = { ...rest.next, deploymentId: cursor.deploymentId };
    }
    if (live !== null && lines.length < MOST_LINES) {
      const beginning = cursor?.deploymentId === live ? { after: cursor } : start.ofLive;
      const state = await this.reader.ready(live);
      const page = await this.reader.read(live, state, beginning, MOST_LINES - lines.length);
      lines.push(...page.lines.map((line) => toRuntimeLogLineResponse(live, line)));
      next = { ...page.next, deploymentId: live };
    }
    return { status, lines, next_cursor: formatRuntimeLogCursor(next) };
  }

  /** A cursor names a deployment: one of this environment, and of no other account's. */
  private async cursorOf(environmentId: string, text: string): Promise<RuntimeLogCursor> {
    const cursor = parseRuntimeLogCursor(text);
    if (cursor !== null && (await this.isOf(environmentId, cursor.deploymentId))) return cursor;
    throw refused([{ field: 'cursor', message: 'is not a cursor that this log gave out' }]);
  }

  private async isOf(environmentId: string, deploymentId: string | null): Promise<boolean> {
    if (deploymentId === null) return true;
    return this.deployments.isOf(environmentId, deploymentId);
  }
}
