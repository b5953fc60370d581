import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Listener } from '@nexos/domain';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ContainerTracker, type TrackedContainer } from '../tracker/container-tracker.js';
import { listenersIn } from './socket-table.js';

const EVERY_MS = 1_000;
/** A container that started longer ago is looked at less often, and in the end no more. */
const OFTEN_FOR_MS = 120_000;
const SELDOM_TURNS = 5;
/** Longer than an app may take to start (`start_timeout_seconds`). */
const WATCHED_FOR_MS = 2_000_000;
/** The kernel lists the sockets that wait for connections first. */
const TABLE_BYTES = 64 * 1024;
const PROC = '/proc';

type Watched = Pick<TrackedContainer, 'id' | 'pid'> & { readonly since: number };

/**
 * Finds out on which sockets the apps of this machine wait for connections, which explains why one does not answer. Reads
 * the kernel's tables through a container's first process, so that nothing of the image runs. Where that process
 * cannot be seen, as with an engine in a virtual machine, nothing is reported.
 */
@Injectable()
export class ListenerWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ListenerWatch.name);
  private readonly watched = new Map<string, Watched>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private turn = 0;

  constructor(private readonly tracker: ContainerTracker) {
    tracker.listen({
      changed: (container) => this.watch(container),
      removed: (id) => this.watched.delete(id),
      listed: () => undefined,
    });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running ??= this.look().finally(() => (this.running = null));
    }, EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private watch({ id, pid, owner, startedAt, end }: TrackedContainer): void {
    const isApp = owner.deploymentId !== null && owner.job === null;
    const isNew = Date.now() - Date.parse(startedAt) < WATCHED_FOR_MS;
    if (!isApp || end !== null || !isNew) this.watched.delete(id);
    else if (this.watched.get(id)?.pid !== pid) this.watched.set(id, { id, pid, since: Date.now() });
  }

  private async look(): Promise<void> {
    this.turn += 1;
    for (const container of this.watched.values()) {
      const age = Date.now() - container.since;
      if (age > WATCHED_FOR_MS) this.watched.delete(container.id);
      else if (age < OFTEN_FOR_MS || this.turn % SELDOM_TURNS === 0) await this.lookAt(container);
    }
  }

  private async lookAt({ id, pid }: Watched): Promise<void> {
    try {
      const listeners = await readListeners(id, pid);
      if (listeners !== null) this.tracker.setListeners(id, listeners);
    } catch (error) {
      // It has ended, or another machine's engine gave its process id.
      this.logger.debug(`could not read the sockets of ${id}: ${(error as Error).message}`);
    }
  }
}

/** @returns null when the process is not one of this container */
async function readListeners(id: string, pid: number): Promise<Listener[] | null> {
  const folder = join(PROC, String(pid));
  if (!(await readFile(join(folder, 'cgroup'), 'utf8')).includes(id)) return null;
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readTable(join(folder, 'net', name))));
  // Another process may have got the id meanwhile.
  if (!(await readFile(join(folder, 'cgroup'), 'utf8')).includes(id)) return null;
  return listenersIn(tables);
}

/** Reads the beginning of a table; an empty one where the kernel has no IPv6. */
async function readTable(path: string): Promise<string> {
  let file;
  try {
    file = await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  try {
    const buffer = Buffer.alloc(TABLE_BYTES);
    let length = 0;
    // The kernel returns a few kilobytes at a time.
    for (let count = -1; count !== 0; length += count) {
      ({ bytesRead: count } = await file.read(buffer, length, TABLE_BYTES - length));
    }
    return buffer.toString('latin1', 0, length);
  } finally {
    await file.close();
  }
}
