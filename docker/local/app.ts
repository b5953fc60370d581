import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './home.js';
import type { Log } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

const LAST_BACK_OFF_MS = 10_000;
const STEADY_MS = 10_000;
const DEATHS = 5;
const STOP_MS = 30_000;
const OUTPUT_MS = 1_000;
const KEPT_LINES = 40;
/** The exit code of an app whose configuration is invalid; it has printed why. */
const NOT_CONFIGURED = 78;
/** Loaded before a program, this makes it end when its parent does. */
/**
 * Flags of Node.js for every app, as in docker/Dockerfile. A small young generation: an idle process needs about 25 MB
 * less. Source maps would need 12 MB, so only \`npm run dev\` and the tests have them.
 */
export const NODE_FLAGS = ['--max-semi-space-size=2'];
export const END_WITH_PARENT = new URL('end-with-parent.mjs', import.meta.url).href;

export interface AppOptions {
  readonly name: string;
  /** The path of its main module. */
  readonly module: string;
  readonly env: NodeJS.ProcessEnv;
  readonly nodeFlags?: readonly string[];
  /** The pause before the first restart; it doubles each time, up to 10 s. */
  readonly firstBackOffMs: number;
  /** The descriptor of a lock to hold while it runs. */
  readonly lock?: number | undefined;
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
   * @throws SetupError at once when its configuration is invalid, or when it dies for the fifth time without having
   *   stayed up for 10 s
   */
  async run(): Promise<void> {
    const { name, log, firstBackOffMs } = this.options;
    const { signal } = this.stopping;
    let deaths = 0;
    for (;;) {
      const { restarts } = this;
      const began = Date.now();
      const current = this.runOnce();
      this.ended = current.catch(() => undefined);
      const outcome = await current;
      if (this.isStopped()) return;
      if (restarts !== this.restarts) continue;
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
      if (await delay(pause, false, { signal }).catch(() => true)) return;
    }
  }

  /** Stops for good: SIGTERM, then SIGKILL when that has not helped within 30 s. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.terminate();
  }

  /** Replaces the process by one that runs the present code. */
  async restart(): Promise<void> {
    this.restarts += 1;
    await this.terminate();
  }

  /** Kills the app and everything it started, for good and at once. */
  killNow(): void {
    this.stopping.abort();
    this.killGroup();
  }

  private async terminate(): Promise<void> {
    this.child?.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.options.log(`${this.options.name} does not stop within ${STOP_MS / 1000} s; killing it.`);
      this.killGroup();
    }, STOP_MS);
    await this.ended;
    clearTimeout(timer);
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private killGroup(): void {
    // While its child has not been waited for, nobody else can have got the id.
    if (this.pid !== undefined) process.kill(-this.pid, 'SIGKILL');
  }

  /** @returns the exit code, or the signal that killed it */
  private async runOnce(): Promise<number | NodeJS.Signals> {
    const { module, env, lock, output, nodeFlags = [] } = this.options;
    this.lastLines = [];
    const child = fork(module, {
      cwd: root,
      env,
      execArgv: [...NODE_FLAGS, ...nodeFlags, '--import', END_WITH_PARENT],
      // A group of its own: Ctrl-C in the terminal must reach this process only, which stops the apps in order.
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
    // The rest of its output, unless a process it started keeps that open.
    await Promise.race([closed, delay(OUTPUT_MS)]);
    return signal ?? code ?? 0;
  }
}
