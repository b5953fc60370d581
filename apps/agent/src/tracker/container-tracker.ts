import { isDeepStrictEqual } from 'node:util';
import { type Listener } from '@nexos/domain';
import { AGENT_REPORT_LIMITS, type ContainerEnd, type ContainerOutputLine } from '@nexos/contracts';
import {
  type ContainerEvent,
  type ContainerOwner,
  type ListedContainer,
  LocalContainers,
  type LocalContainer,
} from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import { CommandProblems } from '../commands/command-problems.js';
import { endedOutOfMemory } from './out-of-memory.js';

/** A container of this machine that has been started. */
export interface TrackedContainer {
  readonly id: string;
  readonly name: string;
  readonly owner: ContainerOwner;
  /** Whether it should be connected to the bridge of its project. */
  readonly joinsBridge: boolean;
  /** Its addresses by network name. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly startedAt: string;
  /** Its first process, as the engine's machine numbers it; 0 unless it runs. */
  readonly pid: number;
  /** The sockets on which it waits for connections; null when that is not known. */
  readonly listeners: readonly Listener[] | null;
  readonly outOfMemoryAt: string | null;
  /** Null while it runs. */
  readonly end: ContainerEnd | null;
}

export type CreatedContainer = Pick<ContainerEvent, 'id' | 'projectId' | 'joinsBridge'>;

/** Receives changes; must not throw. */
export interface ContainerListener {
  /** A container has been created, and will be started soon. Called at once, whatever else is under way. */
  readonly created?: (container: CreatedContainer) => void;
  /** A container was started, has ended or has changed; also repeated for each container after a listing. */
  readonly changed: (container: TrackedContainer) => void;
  /** A container has just ended; `changed` follows when its end has been looked at. */
  readonly ended?: (id: string) => void;
  /** A container no longer exists. */
  readonly removed?: (id: string) => void;
  /** All containers have been listed, after `at` (RFC 3339); those with these ids were running. */
  readonly listed: (at: string, running: readonly string[]) => void;
}

/** Facts about a container that only events contain. */
interface Marks {
  isStopped: boolean;
  isUnhealthy: boolean;
  outOfMemoryAt: string | null;
}

/** Without another signal before it, no way to stop a service. Images choose any as their `STOPSIGNAL`. */
const SIGKILL = '9';
const NANOSECONDS_IN_MILLISECOND = 1_000_000n;

/**
 * Tracks every container of this installation on this machine. Holds no more than what the engine itself holds, and
 * learns everything again from a listing.
 */
@Injectable()
export class ContainerTracker {
  private readonly tracked = new Map<string, TrackedContainer>();
  private readonly marks = new Map<string, Marks>();
  private readonly listeners = new Set<ContainerListener>();
  private readonly turns = new Map<string, Promise<void>>();
  private listing: Promise<unknown> = Promise.resolve();
  private explaining: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly containers: LocalContainers,
    private readonly commands: CommandProblems,
  ) {}

  listen(listener: ContainerListener): void {
    this.listeners.add(listener);
  }

  /** Looks at every container that is new or has changed, and repeats what is known about the others. */
  list(): Promise<void> {
    const listing = this.listing.then(() => this.listOnce());
    this.listing = listing.catch(() => undefined);
    return listing;
  }

  /** Looks at a container that has changed without an event. */
  refresh(id: string): Promise<void> {
    return this.inTurn(id, () => this.look(id));
  }

  /** Takes in an event. Events may be repeated. */
  handle(event: ContainerEvent): Promise<void> {
    const { id, action, signal, nanoseconds } = event;
    if (action === 'create' && !event.isPast) this.emitCreated(event);
    return this.inTurn(id, async () => {
      const marks = this.marksOf(id);
      switch (action) {
        case 'start':
          return this.look(id);
        case 'die':
          for (const listener of this.listeners) listener.ended?.(id);
          return this.look(id);
        case 'destroy':
          this.forget(id);
          return;
        case 'kill':
          marks.isStopped ||= signal !== null && signal !== SIGKILL;
          return;
        case 'health_status: unhealthy':
          marks.isUnhealthy = true;
          return;
        case 'health_status: healthy':
          marks.isUnhealthy = false;
          return;
        case 'oom':
          marks.outOfMemoryAt = timeOf(nanoseconds);
          this.markOutOfMemory(id, marks.outOfMemoryAt);
      }
    });
  }

  /** Takes in on which sockets a container waits for connections. */
  setListeners(id: string, listeners: readonly Listener[]): void {
    const known = this.tracked.get(id);
    if (known?.end !== null || isDeepStrictEqual(known.listeners, listeners)) return;
    const tracked = { ...known, listeners };
    this.tracked.set(id, tracked);
    this.emit(tracked);
  }

  private async listOnce(): Promise<void> {
    const at = new Date().toISOString();
    const known = new Set([...this.tracked.keys(), ...this.marks.keys()]);
    const listed = await this.containers.list();
    for (const container of listed) await this.inTurn(container.id, () => this.lookIfChanged(container));
    const ids = new Set(listed.map(({ id }) => id));
    for (const id of known) if (!ids.has(id)) await this.inTurn(id, () => this.forget(id));
    const running = [...this.tracked.values()].filter(({ end }) => end === null).map(({ id }) => id);
    for (const listener of this.listeners) listener.listed(at, running);
  }

  private async lookIfChanged(container: ListedContainer): Promise<void> {
    const known = this.tracked.get(container.id);
    if (known !== undefined && isAsListed(known, container)) this.emit(known);
    else await this.look(container.id);
  }

  private async look(id: string): Promise<void> {
    const container = await this.containers.find(id);
    if (container === null) return;
    const { name, owner, joinsBridge, addresses, startedAt, pid, isRunning } = container;
    if (startedAt === null) {
      this.emitCreated({ id, projectId: owner.projectId, joinsBridge });
      return;
    }
    const known = this.tracked.get(id);
    const isKnownEnd = known?.end != null && known.startedAt === startedAt;
    // Forgets the events of the previous run when somebody starts a container again.
    if (known !== undefined && known.startedAt !== startedAt) this.marks.delete(id);
    const { outOfMemoryAt } = this.marksOf(id);
    const end = isRunning ? null : isKnownEnd ? known.end : await this.explainEnd(container);
    const listeners = known?.startedAt === startedAt ? known.listeners : null;
    const facts = { id, name, owner, joinsBridge, addresses, startedAt, pid };
    const tracked = { ...facts, listeners, outOfMemoryAt, end };
    this.tracked.set(id, tracked);
    this.emit(tracked);
  }

  /** One at a time, since it reads logs and files. Addresses of other containers must not wait for it. */
  private explainEnd(container: LocalContainer): Promise<ContainerEnd> {
    const end = this.explaining.then(() => this.endOf(container));
    this.explaining = end.catch(() => undefined);
    return end;
  }

  private async endOf(container: LocalContainer): Promise<ContainerEnd> {
    const { id, owner, endedAt, exitCode } = container;
    const isApp = owner.deploymentId !== null && owner.job === null;
    const lines = isApp ? lastWithin(await this.containers.tail(id, AGENT_REPORT_LIMITS.lines)) : [];
    const { isStopped, isUnhealthy, outOfMemoryAt } = this.marksOf(id);
    const isOutOfMemory = endedOutOfMemory(container, outOfMemoryAt, lines);
    const isUnexplained = isApp && exitCode !== 0 && !isStopped && !isOutOfMemory;
    return {
      at: endedAt,
      code: exitCode,
      isOutOfMemory,
      isUnhealthy: isUnhealthy || container.isUnhealthy,
      isStopped,
      lines,
      commandProblem: isUnexplained ? await this.commands.find(container, lines) : null,
    };
  }

  private markOutOfMemory(id: string, outOfMemoryAt: string): void {
    const known = this.tracked.get(id);
    if (known === undefined || known.end?.isOutOfMemory === true) return;
    // The event may follow that of the container's end.
    const end = known.end === null ? null : { ...known.end, isOutOfMemory: true };
    const tracked = { ...known, outOfMemoryAt, end };
    this.tracked.set(id, tracked);
    this.emit(tracked);
  }

  private marksOf(id: string): Marks {
    const marks = this.marks.get(id) ?? { isStopped: false, isUnhealthy: false, outOfMemoryAt: null };
    this.marks.set(id, marks);
    return marks;
  }

  private forget(id: string): void {
    this.tracked.delete(id);
    this.marks.delete(id);
    for (const listener of this.listeners) listener.removed?.(id);
  }

  private emitCreated(container: CreatedContainer): void {
    for (const listener of this.listeners) listener.created?.(container);
  }

  private emit(container: TrackedContainer): void {
    for (const listener of this.listeners) listener.changed(container);
  }

  /** One at a time for each container, so that what is found later is also told later. */
  private inTurn<T>(id: string, work: () => T | Promise<T>): Promise<T> {
    const result = (this.turns.get(id) ?? Promise.resolve()).then(work);
    const turn = result
      .then(() => undefined)
      .catch(() => undefined)
      .finally(() => this.turns.get(id) === turn && this.turns.delete(id));
    this.turns.set(id, turn);
    return result;
  }
}

/** Returns whether nothing has changed since it was looked at; an address changes without an event. */
function isAsListed({ end, addresses }: TrackedContainer, listed: ListedContainer): boolean {
  if ((end === null) !== listed.isRunning) return false;
  const names = Object.keys({ ...addresses, ...listed.addresses });
  return end !== null || names.every((name) => addresses[name] === listed.addresses[name]);
}

function timeOf(nanoseconds: string): string {
  return new Date(Number(BigInt(nanoseconds) / NANOSECONDS_IN_MILLISECOND)).toISOString();
}

/** Keeps the last lines that fit into a report. */
function lastWithin(lines: readonly ContainerOutputLine[]): ContainerOutputLine[] {
  let left: number = AGENT_REPORT_LIMITS.lineBytes;
  const first = [...lines].reverse().findIndex(({ text }) => (left -= Buffer.byteLength(text)) < 0);
  return first === -1 ? [...lines] : first === 0 ? [] : lines.slice(-first);
}
