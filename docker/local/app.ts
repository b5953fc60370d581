import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './home.js';
import type { Log } from './progress.mjs';
import { SetupError, codeOf } from './setup-error.mjs';

const LAST_BACK_OFF_MS = 10_000;
const STEADY_MS = 10_000;
const DEATHS = 5;
const STOP_MS = 30_000;
/** The exit code of an app whose configuration is invalid; it has printed why. */
const NOT_CONFIGURED = 78;
const OUTPUT_MS = 1_000;
const KEPT_LINES = 40;
const END_WITH_PARENT = new URL('end-with-parent.mjs', import.meta.url).href;

export interface AppOptions {
  readonly name: string;
  /** The path of its main module. */
  readonly module: string;
  readonly env: NodeJS.ProcessEnv;
  /** The pause before the first restart; it doubles each time, up to 10 s. */
  readonly firstBackOffMs: number;
  /** The descriptor of a lock to hold while it runs. */
  readonly lock?: number;
  /** Takes each line that the app prints. */
  readonly output: Log;
  /** Takes messages about the app. */
  readonly log: Log;
}

/** One app, which is restarted when it dies, and which ends when this process does. */
export class App {
  private child: ChildProcess | undefined;
  private ended: Promise<unknown> = Promise.resolve();
  private lastLines: string[] = [];
  private isRestarting = false;
  private readonly stopping = new AbortController();

  constructor(private readonly options: AppOptions) {}

  get name(): string {
    return this.options.name;
  }

  /** The process id, while a process runs. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Runs the app until it is stopped.
   *
   * @throws SetupError at once when its configuration is invalid, or when it dies for the fifth time without having
   *   stayed up for 10 s
   */
  async run(): Promise<void> {
    const { name, log, firstBackOffMs } = this.options;
    let deaths = 0;
    while (!this.isStopped()) {
      const began = Date.now();
      const current = this.runOnce();
      this.ended = current.catch(() => undefined);
      const outcome = await current;
      if (this.isStopped()) return;
      if (this.isRestarting) {
        this.isRestarting = false;
        deaths = 0;
        continue;
      }
      const output = this.lastLines.join('\n');
      if (outcome === NOT_CONFIGURED) throw new SetupError(`${name} cannot be started:\n${output}`);
      const how = typeof outcome === 'number' ? `exited with code ${outcome}` : `was killed by ${outcome}`;
      deaths = Date.now() - began >= STEADY_MS ? 1 : deaths + 1;
      if (deaths >= DEATHS) {
        throw new SetupError(
          `${name} ${how}, for the ${DEATHS}th time without having stayed up for ${STEADY_MS / 1000} s. Its last lines:\n${output}`,
        );
      }
      const pause = Math.min(firstBackOffMs * 2 ** (deaths - 1), LAST_BACK_OFF_MS);
      log(`${name} ${how}; restarting it in ${pause / 1000} s.`);
      // It rejects when the app is stopped meanwhile.
      await delay(pause, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /** Sends a signal to the app's own process; false when none runs. */
  kill(signal: NodeJS.Signals): boolean {
    return this.child?.kill(signal) ?? false;
  }

  /** Stops for good: SIGTERM, then SIGKILL when that has not helped within 30 s. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.terminate();
  }

  /** Replaces the process by one that runs the present code. */
  async restart(): Promise<void> {
    this.isRestarting = this.child !== undefined;
    await this.terminate();
  }

  /** Kills the app and everything it started, for good and at once. */
  killNow(): void {
    this.stopping.abort();
    if (this.pid === undefined) return;
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') throw error;
    }
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async terminate(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.options.log(`${this.name} does not stop within ${STOP_MS / 1000} s; killing it.`);
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, STOP_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /** @returns the exit code, or the signal that killed it */
  private async runOnce(): Promise<number | NodeJS.Signals> {
    const { module, env, lock, output } = this.options;
    this.lastLines = [];
    const child = fork(module, {
      cwd: root,
      env,
      execArgv: ['--enable-source-maps', '--import', END_WITH_PARENT],
      // A group of its own: Ctrl-C in the terminal must reach this process only, which stops the apps in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', lock ?? 'ignore'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.lastLines = [...this.lastLines, line].slice(-KEPT_LINES);
        output(line);
      });
    }
    const closed = once(child, 'close').catch(() => undefined);
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    this.child = undefined;
    // The rest of its output, unless a process it started keeps that open.
    await Promise.race([closed, delay(OUTPUT_MS)]);
    return signal ?? code ?? 0;
  }
}
