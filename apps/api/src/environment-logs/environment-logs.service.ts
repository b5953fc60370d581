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

/** Where a reader of an environment's log starts: after a cursor, or with the version that it reads. */
export interface RuntimeLogStart {
  readonly container: string;
  /** The one version to read; null for the live one, and those after it. */
  readonly deploymentId: string | null;
  readonly cursor: RuntimeLogCursor | null;
  readonly beginning: RuntimeLogBeginning;
}

/** The log of an environment whose version, if any, can be read. */
export interface ReadyRuntimeLog {
  readonly status: EnvironmentResponse['status'];
  /** The version to read: the live one, or the one that was asked for. */
  readonly version: string | null;
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
   * @throws {ApiError} validation, for a version or a container that the environment does not have, and for a cursor that
   *   does not belong to this log
   */
  async startOf(
    environment: EnvironmentResponse,
    query: RuntimeLogQuery,
    lastEventId: string | undefined,
  ): Promise<RuntimeLogStart> {
    const { container, cursor, tail, since, deployment_id: deploymentId = null } = query;
    await this.assertContainer(environment, query);
    const isResumed = lastEventId !== undefined && lastEventId !== '';
    const after = isResumed ? lastEventId : cursor;
    if (after !== undefined) {
      const message = 'must not be combined with cursor; leave out one of them';
      const conflicting = Object.entries({ tail, since }).filter(([, value]) => value !== undefined);
      if (!isResumed && conflicting.length > 0)
        throw refused(conflicting.map(([field]) => ({ field, message })));
      const place = await this.cursorOf(environment.id, deploymentId, after);
      return { container, deploymentId, cursor: place, beginning: { after: RUNTIME_LOG_START } };
    }
    const beginning =
      since === undefined
        ? { tail: tail ?? DEFAULT_TAIL }
        : // No line is from before 1970.
          { tail: tail ?? MAX_LINES, since: Math.max(0, Date.parse(since)) };
    return { container, deploymentId, cursor: null, beginning };
  }

  /**
   * Resolves when the output of a container of the version can be read.
   *
   * @throws {ApiError} service-unavailable, when no worker could read the log from the engine in time
   */
  async ready(
    accountId: string,
    id: string,
    { container, deploymentId }: RuntimeLogStart,
  ): Promise<ReadyRuntimeLog> {
    const { status, live_deployment_id: live } = await this.environments.get(accountId, id);
    const version = deploymentId ?? live;
    const isReadable = status !== 'destroyed' && version !== null;
    const log = isReadable ? runtimeLogName({ deploymentId: version, container }) : null;
    return { status, version, state: log === null ? null : await this.reader.ready(log) };
  }

  private async assertContainer(
    { id, live_deployment_id: live }: EnvironmentResponse,
    { container, deployment_id: wanted }: RuntimeLogQuery,
  ): Promise<void> {
    const version = wanted ?? live;
    const deployment = version === null ? null : await this.deployments.find(version);
    if (wanted !== undefined && deployment?.environmentId !== id) {
      throw refused([{ field: 'deployment_id', message: 'must be a deployment of this environment' }]);
    }
    if (deployment === null) return;
    const names = containersOf(deployment.settings).map(({ name }) => name);
    if (names.includes(container)) return;
    const message =
      wanted === undefined
        ? `must be a container of the live version: ${names.join(', ')}; deployment_id chooses another version`
        : `must be a container of this version: ${names.join(', ')}`;
    throw refused([{ field: 'container', message }]);
  }

  /** Returns one page: the rest of the version that the reader last saw, then the version to read. */
  async page({ status, version, state }: ReadyRuntimeLog, start: RuntimeLogStart): Promise<LogPageResponse> {
    if (status === 'destroyed') return { body: { status, lines: [], next_cursor: null }, bytes: 0 };
    const { cursor, container } = start;
    const logOf = (deploymentId: string) => runtimeLogName({ deploymentId, container });
    const lines: RuntimeLogLineResponse[] = [];
    let next = cursor ?? { ...RUNTIME_LOG_START, deploymentId: null };
    if (cursor !== null && cursor.deploymentId !== null && cursor.deploymentId !== version) {
      const rest = await this.reader.read(logOf(cursor.deploymentId), null, { after: cursor }, MAX_LINES);
      lines.push(...rest.lines.map((line) => toRuntimeLogLineResponse(cursor.deploymentId ?? '', line)));
      next = { ...rest.next, deploymentId: cursor.deploymentId };
    }
    if (version !== null && lines.length < MAX_LINES) {
      const beginning = cursor?.deploymentId === version ? { after: cursor } : start.beginning;
      const page = await this.reader.read(logOf(version), state, beginning, MAX_LINES - lines.length);
      lines.push(...page.lines.map((line) => toRuntimeLogLineResponse(version, line)));
      next = { ...page.next, deploymentId: version };
    }
    const body = { status, lines, next_cursor: formatRuntimeLogCursor(next) } satisfies RuntimeLogResponse;
    return { body, bytes: lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + LINE_BYTES, 0) };
  }

  /** Checks that the cursor's deployment is the one to read, or belongs to this environment, and so to this account. */
  private async cursorOf(
    environmentId: string,
    version: string | null,
    text: string,
  ): Promise<RuntimeLogCursor> {
    const cursor = parseRuntimeLogCursor(text);
    const isFitting = cursor !== null && (version === null || [null, version].includes(cursor.deploymentId));
    if (isFitting && (await this.isOf(environmentId, cursor.deploymentId))) return cursor;
    throw refused([{ field: 'cursor', message: 'must be a cursor of this log' }]);
  }

  private async isOf(environmentId: string, deploymentId: string | null): Promise<boolean> {
    if (deploymentId === null) return true;
    return this.deployments.isOf(environmentId, deploymentId);
  }
}
