import {
  formatRuntimeLogCursor,
  parseRuntimeLogCursor,
  RUNTIME_LOG_START,
  runtimeLogName,
  type RuntimeLogCursor,
} from '@nexos/contracts';
import type { RuntimeLogState } from '@nexos/logs';
import { containersOf } from '@nexos/settings';
import { DeploymentsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { EnvironmentResponse } from '../environments/environment.response.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import type { LogPageResponse } from '../http/streams/log-pages.js';
import { refused } from '../http/problems/api-error.js';
import { MAX_LINES, DEFAULT_TAIL, type RuntimeLogQuery } from './dto/runtime-log-query.dto.js';
import { RuntimeLogReader, type RuntimeLogBeginning } from './runtime-log-reader.js';
import {
  toRuntimeLogLineResponse,
  type RuntimeLogLineResponse,
  type RuntimeLogResponse,
} from './runtime-log.response.js';

/** Where a reader of an environment's log starts: after a cursor, or with the live version. */
export interface RuntimeLogStart {
  readonly container: string;
  readonly cursor: RuntimeLogCursor | null;
  readonly ofLive: RuntimeLogBeginning;
}

/** The log of an environment whose live version, if any, can be read. */
export interface ReadyRuntimeLog {
  readonly status: EnvironmentResponse['status'];
  readonly live: string | null;
  readonly state: RuntimeLogState | null;
}

/** What a line takes in a response besides its text. */
const LINE_BYTES = 200;

/** Reads the output of containers in an account's environments. */
@Injectable()
export class EnvironmentLogsService {
  constructor(
    private readonly deployments: DeploymentsRepository,
    private readonly environments: EnvironmentsService,
    private readonly reader: RuntimeLogReader,
  ) {}

  /**
   * Determines where to start from a query. `Last-Event-ID` takes precedence, since an interrupted reader repeats its
   * original query.
   *
   * @throws {ApiError} validation, for a cursor that does not belong to this environment's log
   */
  async startOf(
    environmentId: string,
    { container, cursor, tail, since }: RuntimeLogQuery,
    lastEventId: string | undefined,
  ): Promise<RuntimeLogStart> {
    if (lastEventId !== undefined && lastEventId !== '') {
      return {
        container,
        cursor: await this.cursorOf(environmentId, lastEventId),
        ofLive: { after: RUNTIME_LOG_START },
      };
    }
    if (cursor !== undefined) {
      const message = 'must not be combined with cursor; leave out one of them';
      const conflicting = Object.entries({ tail, since }).filter(([, value]) => value !== undefined);
      if (conflicting.length > 0) throw refused(conflicting.map(([field]) => ({ field, message })));
      return {
        container,
        cursor: await this.cursorOf(environmentId, cursor),
        ofLive: { after: RUNTIME_LOG_START },
      };
    }
    if (since === undefined) return { container, cursor: null, ofLive: { tail: tail ?? DEFAULT_TAIL } };
    // No line is from before 1970.
    const from = Math.max(0, Date.parse(since));
    return { container, cursor: null, ofLive: { tail: tail ?? MAX_LINES, since: from } };
  }

  /**
   * Resolves when the output of a container of the live version can be read.
   *
   * @throws {ApiError} service-unavailable, when no worker could read the log from the engine in time
   */
  async ready(accountId: string, id: string, container: string): Promise<ReadyRuntimeLog> {
    const { status, live_deployment_id: live } = await this.environments.get(accountId, id);
    const isReadable = status !== 'destroyed' && live !== null;
    const log = isReadable ? runtimeLogName({ deploymentId: live, container }) : null;
    return { status, live, state: log === null ? null : await this.reader.ready(log) };
  }

  /** @throws {ApiError} validation, when the live version has no such container */
  async assertContainer({ live_deployment_id: live }: EnvironmentResponse, container: string): Promise<void> {
    const deployment = live === null ? null : await this.deployments.find(live);
    if (deployment === null) return;
    const names = containersOf(deployment.settings).map(({ name }) => name);
    if (names.includes(container)) return;
    const message = `must be a container of the live version: ${names.join(', ')}`;
    throw refused([{ field: 'container', message }]);
  }

  /** Returns one page: the rest of the version that the reader last saw, then the live version. */
  async page({ status, live, state }: ReadyRuntimeLog, start: RuntimeLogStart): Promise<LogPageResponse> {
    if (status === 'destroyed') return { body: { status, lines: [], next_cursor: null }, bytes: 0 };
    const { cursor, container } = start;
    const logOf = (deploymentId: string) => runtimeLogName({ deploymentId, container });
    const lines: RuntimeLogLineResponse[] = [];
    let next = cursor ?? { ...RUNTIME_LOG_START, deploymentId: null };
    if (cursor !== null && cursor.deploymentId !== null && cursor.deploymentId !== live) {
      const rest = await this.reader.read(logOf(cursor.deploymentId), null, { after: cursor }, MAX_LINES);
      lines.push(...rest.lines.map((line) => toRuntimeLogLineResponse(cursor.deploymentId ?? '', line)));
      next = { ...rest.next, deploymentId: cursor.deploymentId };
    }
    if (live !== null && lines.length < MAX_LINES) {
      const beginning = cursor?.deploymentId === live ? { after: cursor } : start.ofLive;
      const page = await this.reader.read(logOf(live), state, beginning, MAX_LINES - lines.length);
      lines.push(...page.lines.map((line) => toRuntimeLogLineResponse(live, line)));
      next = { ...page.next, deploymentId: live };
    }
    const body = { status, lines, next_cursor: formatRuntimeLogCursor(next) } satisfies RuntimeLogResponse;
    return { body, bytes: lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + LINE_BYTES, 0) };
  }

  /** Checks that the cursor's deployment belongs to this environment, and so to this account. */
  private async cursorOf(environmentId: string, text: string): Promise<RuntimeLogCursor> {
    const cursor = parseRuntimeLogCursor(text);
    if (cursor !== null && (await this.isOf(environmentId, cursor.deploymentId))) return cursor;
    throw refused([{ field: 'cursor', message: 'must be a cursor of this log' }]);
  }

  private async isOf(environmentId: string, deploymentId: string | null): Promise<boolean> {
    if (deploymentId === null) return true;
    return this.deployments.isOf(environmentId, deploymentId);
  }
}
