import { AGENT_REPORT_LIMITS, type ContainerEnd, type ContainerOutputLine } from '@nexos/contracts';
import {
  type ContainerEvent,
  type ContainerOwner,
  LocalContainers,
  type LocalContainer,
} from '@nexos/engine';
import { Injectable } from '@nestjs/common';

/** A container of this machine that has been started. */
export interface TrackedContainer {
  readonly id: string;
  readonly name: string;
  readonly owner: ContainerOwner;
  /** Its addresses by network name. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly startedAt: string;
  readonly outOfMemoryAt: string | null;
  /** Null while it runs. */
  readonly end: ContainerEnd | null;
}

/** Receives changes; must not throw. */
export interface ContainerListener {
  /** A container was started, has ended or has changed; also repeated for each container after a listing. */
  readonly changed: (container: TrackedContainer) => void;
  /** All containers have been listed, after `at` (RFC 3339); those with these ids were running. */
  readonly listed: (at: string, running: readonly string[]) => void;
}

/** Facts about a container that only events contain. */
interface Marks {
  isStopped: boolean;
  isUnhealthy: boolean;
  outOfMemoryAt: string | null;
}

/** SIGINT, SIGQUIT and SIGTERM. A SIGKILL without one of these before it is not a way to stop a service. */
const STOP_SIGNALS = ['2', '3', '15'];
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
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly containers: LocalContainers) {}

  listen(listener: ContainerListener): void {
    this.listeners.add(listener);
  }

  /** Looks at every container that is new or has changed, and repeats what is known about the others. */
  list(): Promise<void> {
    return this.inTurn(async () => {
      const at = new Date().toISOString();
      const listed = await this.containers.list();
      for (const { id, isRunning } of listed) {
        const known = this.tracked.get(id);
        if (known !== undefined && (known.end === null) === isRunning) this.emit(known);
        else await this.look(id);
      }
      const ids = new Set(listed.map(({ id }) => id));
      for (const id of [...this.tracked.keys(), ...this.marks.keys()]) if (!ids.has(id)) this.forget(id);
      const running = [...this.tracked.values()].filter(({ end }) => end === null).map(({ id }) => id);
      for (const listener of this.listeners) listener.listed(at, running);
    });
  }

  /** Takes in an event. Events may be repeated. */
  handle({ id, action, signal, nanoseconds }: ContainerEvent): Promise<void> {
    return this.inTurn(async () => {
      const marks = this.marksOf(id);
      switch (action) {
        case 'start':
          return this.look(id);
        case 'die':
          return this.look(id);
        case 'destroy':
          this.forget(id);
          return;
        case 'kill':
          marks.isStopped ||= STOP_SIGNALS.includes(signal ?? '');
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

  private async look(id: string): Promise<void> {
    const container = await this.containers.find(id);
    if (container?.startedAt == null) return;
    const { name, owner, addresses, startedAt, isRunning } = container;
    const known = this.tracked.get(id);
    const isKnownEnd = known?.end != null && known.startedAt === startedAt;
    // Forgets the events of the previous run when somebody starts a container again.
    if (known !== undefined && known.startedAt !== startedAt) this.marks.delete(id);
    const { outOfMemoryAt } = this.marksOf(id);
    const end = isRunning ? null : isKnownEnd ? known.end : await this.endOf(container);
    const tracked = { id, name, owner, addresses, startedAt, outOfMemoryAt, end };
    this.tracked.set(id, tracked);
    this.emit(tracked);
  }

  private async endOf(container: LocalContainer): Promise<ContainerEnd> {
    const { id, owner, endedAt, exitCode } = container;
    const isApp = owner.deploymentId !== null && owner.job === null;
    const lines = isApp ? lastWithin(await this.containers.tail(id, AGENT_REPORT_LIMITS.lines)) : [];
    const { isStopped, isUnhealthy, outOfMemoryAt } = this.marksOf(id);
    return {
      at: endedAt,
      code: exitCode,
      isOutOfMemory: container.isOutOfMemory || outOfMemoryAt !== null,
      isUnhealthy: isUnhealthy || container.isUnhealthy,
      isStopped,
      lines,
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
  }

  private emit(container: TrackedContainer): void {
    for (const listener of this.listeners) listener.changed(container);
  }

  /** One at a time, so that what is found later is also told later. */
  private inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
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
