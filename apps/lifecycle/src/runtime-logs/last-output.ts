import { lastLines, OutputArchive, Redactor } from '@nexos/logs';
import { type RuntimeLogLine } from '@nexos/contracts';
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

/** A deployment whose app is about to stop. */
export interface StoppingDeployment {
  readonly deploymentId: string;
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
 * Keeps what apps write while they stop. The engine deletes a container's output with the container, and Swarm removes
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
   * Follows a deployment's output, or goes on following it. Resolves once the output so far is known, so that the app
   * may be stopped. A log that cannot be read does not keep the app from being stopped.
   */
  async follow(deployment: StoppingDeployment, signal: AbortSignal): Promise<void> {
    const { deploymentId } = deployment;
    const before = this.follows.get(deploymentId);
    if (before?.isOver === true) await before.done;
    const follow = this.follows.get(deploymentId) ?? this.start(deployment);
    follow.requestedAt = Date.now();
    const isReady = () => Promise.resolve(follow.isReady || follow.end.signal.aborted);
    await waitUntil(isReady, { everyMs: 20, deadlineMs: READY_MS }, signal);
  }

  /** Archives the rest of a deployment's output. Call it once its containers have stopped. */
  async finish(deployment: StoppingDeployment, signal: AbortSignal): Promise<void> {
    await this.follow(deployment, signal);
    const follow = this.follows.get(deployment.deploymentId);
    if (follow === undefined) return;
    const stoppedAt = Date.now();
    const isQuiet = () => Promise.resolve(Date.now() - Math.max(stoppedAt, follow.changedAt) >= QUIET_MS);
    await waitUntil(isQuiet, { everyMs: 50, deadlineMs: LAST_LINES_MS }, signal);
    await endOf(follow);
  }

  private start(deployment: StoppingDeployment): Follow {
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
    this.follows.set(deployment.deploymentId, follow);
    follow.done = this.run(deployment, follow)
      .catch((error: unknown) => {
        this.logger.warn(
          `could not keep the last output of ${deployment.deploymentId}: ${(error as Error).message}`,
        );
      })
      .finally(() => {
        follow.end.abort();
        this.follows.delete(deployment.deploymentId);
      });
    return follow;
  }

  private async run({ deploymentId, projectId }: StoppingDeployment, follow: Follow): Promise<void> {
    const redactor = await this.follower.redactorOf(deploymentId, projectId);
    // Output that cannot be redacted is not kept.
    if (!(redactor instanceof Redactor)) return;
    follow.lines = await this.archive.read(deploymentId);
    const saving = new PeriodicTimer('last output', SAVE_EVERY_MS, async () => {
      await this.save(deploymentId, follow);
      if (Date.now() - follow.requestedAt > REQUEST_MS) follow.end.abort();
    });
    saving.start();
    try {
      await this.read(deploymentId, redactor, follow);
    } finally {
      follow.isOver = true;
      await saving.stop();
    }
    await this.save(deploymentId, follow);
  }

  private async read(deploymentId: string, redactor: Redactor, follow: Follow): Promise<void> {
    const { signal } = follow.end;
    const last = follow.lines.at(-1);
    try {
      await this.follower.follow({
        deploymentId,
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
      this.logger.warn(`the output of ${deploymentId} was cut off: ${error.message}`);
    }
  }

  private async save(deploymentId: string, follow: Follow): Promise<void> {
    if (follow.isSaved) return;
    follow.isSaved = true;
    try {
      await this.archive.save(deploymentId, follow.lines);
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
