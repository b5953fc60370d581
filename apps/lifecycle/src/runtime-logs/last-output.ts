import { lastLines, OutputArchive, Redactor } from '@nexos/logs';
import { type LoggedContainer, runtimeLogName, type RuntimeLogLine } from '@nexos/contracts';
import { EngineError } from '@nexos/engine';
import { PeriodicTimer } from '@nexos/queue';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { waitUntil } from '../wait-until.js';
import { OutputFollower } from './output-follower.js';

const SAVE_EVERY_MS = 1_000;
/** How long a log is followed after it was last requested; a worker that waits for an app requests it more often. */
const REQUEST_MS = 60_000;
/** How long to wait for the history of a log: as long as following takes to read it, and some. */
const READY_MS = 3_000;
/** A stopped app's last lines have arrived once none has come for this long. */
const QUIET_MS = 300;
const LAST_LINES_MS = 3_000;

/** A container of a deployment that is about to stop. */
export interface StoppingContainer extends LoggedContainer {
  readonly projectId: string;
}

interface Follow {
  readonly end: AbortController;
  /** Resolves when nothing follows any more and everything is archived. */
  done: Promise<void>;
  lines: RuntimeLogLine[];
  isSaved: boolean;
  isReady: boolean;
  /** It reads no more: the stream ended, or was cut off. */
  isOver: boolean;
  requestedAt: number;
  changedAt: number;
}

/**
 * Keeps what containers write while they stop. The engine deletes a container's output with the container, and Swarm removes
 * the containers of a service that is scaled to zero, so the output is followed from before that until the end, and
 * archived every second. If the worker dies, the next one continues while the container exists.
 */
@Injectable()
export class LastOutput implements BeforeApplicationShutdown {
  private readonly logger = new Logger(LastOutput.name);
  private readonly follows = new Map<string, Follow>();

  constructor(
    private readonly follower: OutputFollower,
    private readonly archive: OutputArchive,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.follows.values()].map((follow) => endOf(follow)));
  }

  /**
   * Follows a container's output, or goes on following it. Resolves once the output so far is known, so that the container
   * may be stopped. A log that cannot be read does not keep it from being stopped.
   */
  async follow(container: StoppingContainer, signal: AbortSignal): Promise<void> {
    const name = runtimeLogName(container);
    const before = this.follows.get(name);
    if (before?.isOver === true) await before.done;
    const follow = this.follows.get(name) ?? this.start(container);
    follow.requestedAt = Date.now();
    const isReady = () => Promise.resolve(follow.isReady || follow.end.signal.aborted);
    await waitUntil(isReady, { everyMs: 20, deadlineMs: READY_MS }, signal);
  }

  /** Archives the rest of a container's output. Call it once the container has stopped. */
  async finish(container: StoppingContainer, signal: AbortSignal): Promise<void> {
    await this.follow(container, signal);
    const follow = this.follows.get(runtimeLogName(container));
    if (follow === undefined) return;
    const stoppedAt = Date.now();
    const isQuiet = () => Promise.resolve(Date.now() - Math.max(stoppedAt, follow.changedAt) >= QUIET_MS);
    await waitUntil(isQuiet, { everyMs: 50, deadlineMs: LAST_LINES_MS }, signal);
    await endOf(follow);
  }

  private start(container: StoppingContainer): Follow {
    const name = runtimeLogName(container);
    const now = Date.now();
    const follow: Follow = {
      end: new AbortController(),
      done: Promise.resolve(),
      lines: [],
      isSaved: true,
      isReady: false,
      isOver: false,
      requestedAt: now,
      changedAt: now,
    };
    this.follows.set(name, follow);
    follow.done = this.run(container, follow)
      .catch((error: unknown) => {
        this.logger.warn(`could not keep the last output of ${name}: ${(error as Error).message}`);
      })
      .finally(() => {
        follow.end.abort();
        this.follows.delete(name);
      });
    return follow;
  }

  private async run(container: StoppingContainer, follow: Follow): Promise<void> {
    const redactor = await this.follower.redactorOf(container, container.projectId);
    // Output that cannot be redacted is not kept.
    if (!(redactor instanceof Redactor)) return;
    follow.lines = await this.archive.read(container);
    const saving = new PeriodicTimer('last output', SAVE_EVERY_MS, async () => {
      await this.save(container, follow);
      if (Date.now() - follow.requestedAt > REQUEST_MS) follow.end.abort();
    });
    saving.start();
    try {
      await this.read(container, redactor, follow);
    } finally {
      follow.isOver = true;
      await saving.stop();
    }
    await this.save(container, follow);
  }

  private async read(logged: LoggedContainer, redactor: Redactor, follow: Follow): Promise<void> {
    const { deploymentId, container } = logged;
    const { signal } = follow.end;
    const last = follow.lines.at(-1);
    try {
      await this.follower.follow({
        deploymentId,
        container,
        redactor,
        last: last === undefined ? null : { nanoseconds: last.nanoseconds, ordinal: last.ordinal },
        signal,
        store: (lines) => {
          if (lines.length > 0) {
            follow.lines = lastLines([...follow.lines, ...lines]);
            follow.isSaved = false;
            follow.changedAt = Date.now();
          }
          follow.isReady = true;
          return Promise.resolve(true);
        },
      });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.logger.warn(`the output of ${runtimeLogName(logged)} was cut off: ${error.message}`);
    }
  }

  private async save(container: LoggedContainer, follow: Follow): Promise<void> {
    if (follow.isSaved) return;
    follow.isSaved = true;
    try {
      await this.archive.save(container, follow.lines);
    } catch (error) {
      follow.isSaved = false;
      throw error;
    }
  }
}

async function endOf(follow: Follow): Promise<void> {
  follow.end.abort();
  await follow.done;
}
