import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './home.js';
import type { Log } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

const MAX_BACK_OFF_MS = 10_000;
const STABLE_MS = 10_000;
const MAX_CRASHES = 5;
const STOP_MS = 30_000;
const OUTPUT_GRACE_MS = 1_000;
const KEPT_LINES = 40;
/** The exit code of an app that found its configuration invalid and printed why. */
const INVALID_CONFIGURATION = 78;
/** Preloaded into an app, this stops it when its parent dies. */
const END_WITH_PARENT = new URL('end-with-parent.mjs', import.meta.url).href;
/**
 * Returns the Node.js flags of an app, as in docker/Dockerfile. A small young generation saves an idle process about 25 MB;
 * the API, which would serve half as many requests with it, gets a larger one. Source maps would cost 12 MB, so only
 * `npm run dev` and the tests use them.
 */
export function nodeFlagsOf(app: string): readonly string[] {
  return [`--max-semi-space-size=${app === 'api' ? 8 : 2}`];
}

export interface AppOptions {
  readonly name: string;
  /** The path of the main module. */
  readonly module: string;
  readonly env: NodeJS.ProcessEnv;
  /** Added to those of `nodeFlagsOf`. */
  readonly nodeFlags: readonly string[];
  /** The pause before the first restart; it doubles each time, up to 10 s. */
  readonly firstBackOffMs: number;
  /** The descriptor of a lock, which the app holds while it runs. */
  readonly lock?: number | undefined;
  /** Receives each line that the app prints. */
  readonly output: Log;
  /** Receives messages about the app. */
  readonly log: Log;
}

/** An app that restarts when it crashes and ends with this process. */
export class App {
  private child: ChildProcess | undefined;
  private ended: Promise<unknown> = Promise.resolve();
  private lastLines: string[] = [];
  private restarts = 0;
  private readonly stopping = new AbortController();

  constructor(readonly options: AppOptions) {}

  /** The process id, while a process runs. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Runs the app until it is stopped.
   *
   * @throws SetupError when its configuration is invalid, or after the fifth crash in a row without staying up for 10 s
   */
  async run(): Promise<void> {
    const { name, log, firstBackOffMs } = this.options;
    const { signal } = this.stopping;
    let crashes = 0;
    for (;;) {
      const { restarts } = this;
      const began = Date.now();
      const current = this.runOnce();
      this.ended = current.catch(() => undefined);
      const outcome = await current;
      if (this.isStopped()) return;
      if (restarts !== this.restarts) continue;
      const output = this.lastLines.join('\n');
      if (outcome === INVALID_CONFIGURATION)
        throw new SetupError(`The configuration of ${name} is invalid:\n${output}`);
      const how = typeof outcome === 'number' ? `exited with code ${outcome}` : `was killed by ${outcome}`;
      crashes = Date.now() - began >= STABLE_MS ? 1 : crashes + 1;
      if (crashes >= MAX_CRASHES) {
        throw new SetupError(`${name} ${how}, after ${crashes} crashes in a row. Its last lines:\n${output}`);
      }
      const pause = Math.min(firstBackOffMs * 2 ** (crashes - 1), MAX_BACK_OFF_MS);
      log(`${name} ${how}; restarting it in ${pause / 1000} s.`);
      // Rejects when the app is stopped meanwhile.
      if (await delay(pause, false, { signal }).catch(() => true)) return;
    }
  }

  /** Stops the app for good: with SIGTERM, and after 30 s with SIGKILL. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.terminate();
  }

  /** Restarts the app with the current code. */
  async restart(): Promise<void> {
    this.restarts += 1;
    await this.terminate();
  }

  /** Kills the app for good, with everything in its process group. */
  killNow(): void {
    this.stopping.abort();
    this.killGroup();
  }

  private async terminate(): Promise<void> {
    this.child?.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.options.log(`${this.options.name} did not stop within ${STOP_MS / 1000} s; killing it.`);
      this.killGroup();
    }, STOP_MS);
    await this.ended;
    clearTimeout(timer);
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private killGroup(): void {
    // The id cannot be reused before the child's exit is known here.
    if (this.pid !== undefined) process.kill(-this.pid, 'SIGKILL');
  }

  /** @returns the exit code, or the signal that killed the process */
  private async runOnce(): Promise<number | NodeJS.Signals> {
    const { name, module, env, lock, output, nodeFlags } = this.options;
    this.lastLines = [];
    const child = fork(module, {
      cwd: root,
      env,
      execArgv: [...nodeFlagsOf(name), ...nodeFlags, '--import', END_WITH_PARENT],
      // In its own group, because Ctrl-C must reach this process only, which stops the apps in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', lock ?? 'ignore'],
    });
    this.child = child;
    for (const input of [child.stdout, child.stderr]) {
      if (input === null) continue;
      createInterface({ input }).on('line', (line) => {
        this.lastLines = [...this.lastLines, line].slice(-KEPT_LINES);
        output(line);
      });
    }
    const closed = once(child, 'close').catch(() => undefined);
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    this.child = undefined;
    // Waits for the rest of the output, but not for a grandchild that keeps it open.
    await Promise.race([closed, delay(OUTPUT_GRACE_MS)]);
    return signal ?? code ?? 0;
  }
}
