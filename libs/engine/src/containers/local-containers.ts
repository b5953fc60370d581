import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineNotFoundError, mapEngineError } from '../client/engine-errors.js';
import { containerOf, LABELS, type Labels, isOurs, labelFilter } from '../client/engine-labels.js';
import { readJsonLines } from '../client/json-lines.js';
import { LineBeginnings, readFrames } from '../logs/log-frames.js';
import { visibleLine } from '../logs/service-logs.js';

/** The owner of a container, by its labels. */
export interface ContainerOwner {
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly deploymentId: string | null;
  /** Which of the deployment's containers; meaningless without a deployment. */
  readonly container: string;
  /** The kind of a shared service. */
  readonly service: string | null;
  /** Set for one-off jobs. */
  readonly job: string | null;
}

export interface ListedContainer {
  readonly id: string;
  readonly isRunning: boolean;
  /** Its addresses by network name. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** The command of a container, without the engine's init. */
export interface ContainerCommand {
  readonly argv: readonly string[];
  readonly workingDir: string;
  /** The `PATH` of its environment. */
  readonly path: string;
  /** Whether the engine's init is process 1. */
  readonly hasInit: boolean;
}

/** A container of this engine. Times are RFC 3339, by the engine's clock. */
export interface LocalContainer {
  readonly id: string;
  readonly name: string;
  readonly owner: ContainerOwner;
  /** Whether it should be connected to the bridge of its project. */
  readonly joinsBridge: boolean;
  /** Its addresses by network name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Null before it was started. */
  readonly startedAt: string | null;
  /** Its first process, as the engine's machine numbers it; 0 unless it runs. */
  readonly pid: number;
  readonly command: ContainerCommand;
  readonly isRunning: boolean;
  readonly endedAt: string;
  readonly exitCode: number;
  readonly isOutOfMemory: boolean;
  readonly isUnhealthy: boolean;
}

/** What happened to a container. */
export interface ContainerEvent {
  readonly id: string;
  /** Such as `create`, `start`, `die`, `oom`, `kill`, `destroy` or `health_status: unhealthy`. */
  readonly action: string;
  /** The project that the container belongs to. */
  readonly projectId: string | null;
  /** Whether the container should be connected to the bridge of its project. */
  readonly joinsBridge: boolean;
  /** Nanoseconds since the epoch, in decimal digits. */
  readonly nanoseconds: string;
  /** Whether it happened before the engine was asked for events. */
  readonly isPast: boolean;
  /** Of a `kill`. */
  readonly signal: string | null;
}

/** The last output of a container, with the engine's timestamps. */
export interface ContainerOutput {
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

const ACTIONS = ['create', 'start', 'die', 'oom', 'kill', 'destroy', 'health_status'];
const ID = /^[0-9a-f]{64}$/;
const TAIL_DEADLINE_MS = 3_000;
const NANOSECONDS_IN_MILLISECOND = 1_000_000n;
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
    return containers.map(({ Id, State, NetworkSettings: settings }) => ({
      id: Id,
      isRunning: State === 'running',
      addresses: addressesOf(settings.Networks),
    }));
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
    const openedAt = BigInt(Date.now()) * NANOSECONDS_IN_MILLISECOND;
    opened();
    for await (const event of readJsonLines(stream)) {
      const parsed = containerEvent(event, openedAt);
      if (parsed !== null) yield parsed;
    }
  }
}

function localContainer(found: Docker.ContainerInspectInfo, labels: Labels): LocalContainer {
  const { State: state } = found;
  return {
    id: found.Id,
    name: found.Name.replace(/^\//, ''),
    owner: {
      projectId: labels[LABELS.project] ?? null,
      environmentId: labels[LABELS.environment] ?? null,
      deploymentId: labels[LABELS.deployment] ?? null,
      container: containerOf(labels),
      service: labels[LABELS.service] ?? null,
      job: labels[LABELS.job] ?? null,
    },
    joinsBridge: joinsBridge(labels),
    addresses: addressesOf(found.NetworkSettings.Networks),
    startedAt: state.StartedAt === NEVER ? null : state.StartedAt,
    pid: state.Pid,
    command: commandOf(found),
    isRunning: state.Running,
    endedAt: state.FinishedAt,
    exitCode: state.ExitCode,
    isOutOfMemory: state.OOMKilled,
    isUnhealthy: state.Health?.Status === 'unhealthy',
  };
}

function commandOf({ Path, Args, Config, HostConfig }: Docker.ContainerInspectInfo): ContainerCommand {
  // The engine reports an empty environment as null.
  const env = (Config.Env as string[] | null) ?? [];
  const path = env.find((pair) => pair.startsWith('PATH='))?.slice('PATH='.length) ?? '';
  return { argv: [Path, ...Args], workingDir: Config.WorkingDir, path, hasInit: HostConfig.Init === true };
}

/** Leaves out networks that a container is not connected to now. */
function addressesOf(networks: Readonly<Record<string, { readonly IPAddress: string }>>) {
  const addresses = Object.entries(networks).map(([name, { IPAddress }]) => [name, IPAddress] as const);
  return Object.fromEntries(addresses.filter(([, address]) => address !== ''));
}

function joinsBridge(labels: Labels): boolean {
  return labels[LABELS.bridge] === 'true';
}

function containerEvent(event: Record<string, unknown>, openedAt: bigint): ContainerEvent | null {
  const {
    Action: action,
    timeNano,
    Actor: actor,
  } = event as {
    Action?: unknown;
    timeNano?: unknown;
    Actor?: { ID?: unknown; Attributes?: Labels };
  };
  const id = actor?.ID;
  if (typeof action !== 'string' || typeof id !== 'string' || !ID.test(id)) return null;
  if (typeof timeNano !== 'number') return null;
  return {
    id,
    action,
    projectId: actor?.Attributes?.[LABELS.project] ?? null,
    joinsBridge: joinsBridge(actor?.Attributes ?? {}),
    // Larger than the safe integers: exact to a microsecond, which is enough to resume from.
    nanoseconds: BigInt(timeNano).toString(),
    isPast: BigInt(timeNano) < openedAt,
    signal: actor?.Attributes?.signal ?? null,
  };
}
