import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineNotFoundError, mapEngineError } from '../client/engine-errors.js';
import { LABELS, type Labels, isOurs, labelFilter } from '../client/engine-labels.js';
import { readJsonLines } from '../client/json-lines.js';
import { LineBeginnings, readFrames } from '../logs/log-frames.js';
import { visibleLine } from '../logs/service-logs.js';

/** The owner of a container, by its labels. */
export interface ContainerOwner {
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly deploymentId: string | null;
  /** The kind of a shared service. */
  readonly service: string | null;
  /** Set for one-off jobs. */
  readonly job: string | null;
}

export interface ListedContainer {
  readonly id: string;
  readonly isRunning: boolean;
}

/** A container of this engine. Times are RFC 3339, by the engine's clock. */
export interface LocalContainer {
  readonly id: string;
  readonly name: string;
  readonly owner: ContainerOwner;
  /** Its addresses by network name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Null before it was started. */
  readonly startedAt: string | null;
  readonly isRunning: boolean;
  readonly endedAt: string;
  readonly exitCode: number;
  readonly isOutOfMemory: boolean;
  readonly isUnhealthy: boolean;
}

/** What happened to a container. */
export interface ContainerEvent {
  readonly id: string;
  /** Such as `start`, `die`, `oom`, `kill`, `destroy` or `health_status: unhealthy`. */
  readonly action: string;
  /** Nanoseconds since the epoch, in decimal digits. */
  readonly nanoseconds: string;
  /** Of a `kill`. */
  readonly signal: string | null;
}

/** The last output of a container, with the engine's timestamps. */
export interface ContainerOutput {
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

const ACTIONS = ['start', 'die', 'oom', 'kill', 'destroy', 'health_status'];
const ID = /^[0-9a-f]{64}$/;
const TAIL_DEADLINE_MS = 3_000;
/** What Docker reports for a time that has not come. */
const NEVER = '0001-01-01T00:00:00Z';

/** This installation's containers on one engine, whichever services they belong to. */
@Injectable()
export class LocalContainers {
  constructor(private readonly client: EngineClient) {}

  /** Lists all containers, including those that have ended. */
  async list(): Promise<ListedContainer[]> {
    const filters = { label: labelFilter(this.client.instance, {}) };
    const containers = await this.client.call((docker) => docker.listContainers({ all: true, filters }));
    return containers.map(({ Id, State }) => ({ id: Id, isRunning: State === 'running' }));
  }

  /** Returns null when the container does not exist or is not ours. */
  async find(id: string): Promise<LocalContainer | null> {
    try {
      const found = await this.client.call((docker) => docker.getContainer(id).inspect());
      const labels: Labels = found.Config.Labels;
      return isOurs(this.client.instance, labels) ? localContainer(found, labels) : null;
    } catch (error) {
      if (error instanceof EngineNotFoundError) return null;
      throw error;
    }
  }

  /** Returns the last lines of a container; none when it no longer exists. */
  async tail(id: string, lines: number): Promise<ContainerOutput[]> {
    const abortSignal = AbortSignal.timeout(TAIL_DEADLINE_MS);
    const output: ContainerOutput[] = [];
    const beginnings = new LineBeginnings();
    try {
      const options = { stdout: true, stderr: true, timestamps: true, tail: String(lines) };
      const response = await this.client.open({
        method: 'GET',
        path: `/containers/${id}/logs?`,
        options,
        abortSignal,
      });
      for await (const frame of readFrames(response)) {
        if (!beginnings.isBeginning(frame.stream, frame)) continue;
        const text = frame.content.toString('utf8');
        const space = text.indexOf(' ');
        output.push({
          time: text.slice(0, space),
          stream: frame.stream,
          text: visibleLine(text.slice(space + 1)),
        });
      }
    } catch (error) {
      const mapped = mapEngineError(error);
      if (!(mapped instanceof EngineNotFoundError) && !abortSignal.aborted) throw mapped;
    }
    return output.sort((a, b) => a.time.localeCompare(b.time)).slice(-lines);
  }

  /**
   * Follows what happens to containers, until the signal aborts. The engine keeps a few hundred past events and sends
   * those since the given time first.
   *
   * @param sinceNanoseconds since the epoch, in decimal digits
   * @param opened called when the engine sends events: nothing later is missed
   * @throws {EngineUnavailableError} when the stream breaks
   */
  async *events(
    sinceNanoseconds: string,
    signal: AbortSignal,
    opened: () => void,
  ): AsyncGenerator<ContainerEvent> {
    const digits = sinceNanoseconds.padStart(10, '0');
    const filters = { type: ['container'], event: ACTIONS, label: labelFilter(this.client.instance, {}) };
    const stream = await this.client.open({
      method: 'GET',
      path: '/events?',
      options: { since: `${digits.slice(0, -9)}.${digits.slice(-9)}`, filters: JSON.stringify(filters) },
      abortSignal: signal,
    });
    opened();
    for await (const event of readJsonLines(stream)) {
      const parsed = containerEvent(event);
      if (parsed !== null) yield parsed;
    }
  }
}

function localContainer(found: Docker.ContainerInspectInfo, labels: Labels): LocalContainer {
  const { State: state } = found;
  const networks = Object.entries(found.NetworkSettings.Networks);
  return {
    id: found.Id,
    name: found.Name.replace(/^\//, ''),
    owner: {
      projectId: labels[LABELS.project] ?? null,
      environmentId: labels[LABELS.environment] ?? null,
      deploymentId: labels[LABELS.deployment] ?? null,
      service: labels[LABELS.service] ?? null,
      job: labels[LABELS.job] ?? null,
    },
    addresses: Object.fromEntries(
      networks.map(([name, { IPAddress }]) => [name, IPAddress]).filter(([, address]) => address !== ''),
    ) as Record<string, string>,
    startedAt: state.StartedAt === NEVER ? null : state.StartedAt,
    isRunning: state.Running,
    endedAt: state.FinishedAt,
    exitCode: state.ExitCode,
    isOutOfMemory: state.OOMKilled,
    isUnhealthy: state.Health?.Status === 'unhealthy',
  };
}

function containerEvent(event: Record<string, unknown>): ContainerEvent | null {
  const {
    Action: action,
    timeNano,
    Actor: actor,
  } = event as {
    Action?: unknown;
    timeNano?: unknown;
    Actor?: { ID?: unknown; Attributes?: { signal?: string } };
  };
  const id = actor?.ID;
  if (typeof action !== 'string' || typeof id !== 'string' || !ID.test(id)) return null;
  if (typeof timeNano !== 'number') return null;
  return {
    id,
    action,
    // Larger than the safe integers: exact to a microsecond, which is enough to resume from.
    nanoseconds: BigInt(timeNano).toString(),
    signal: actor?.Attributes?.signal ?? null,
  };
}
