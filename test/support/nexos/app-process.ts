import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DEADLINE_MS, eventually } from '../eventually.js';
import { nodeFlagsOf } from '../machine.js';
import { identify } from '../process-identity.js';

export type AppName = 'agent' | 'api' | 'builder' | 'integrations' | 'lifecycle' | 'quota';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TAKE_VARIABLES = new URL('take-variables.mjs', import.meta.url).href;

/**
 * A compiled app as a process that a test may kill and start again. Nothing else restarts it. Its process id is
 * recorded, so that the next run ends it if this one cannot.
 */
export class AppProcess {
  private child: ChildProcess | undefined;

  constructor(
    readonly name: AppName,
    private readonly env: Readonly<Record<string, string>>,
    private readonly files: string,
    private readonly nodeFlags: readonly string[] = ['--enable-source-maps'],
    /** Whether `setVariables` is used. */
    private readonly takesVariables = false,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** True once it has exited without `end`. */
  get hasExited(): boolean {
    return this.child !== undefined && (this.child.exitCode !== null || this.child.signalCode !== null);
  }

  start(): void {
    if (this.child !== undefined) throw new Error(`${this.name} is already running`);
    // A plain file descriptor, so that the app's output costs no other process anything.
    const output = openSync(`${this.files}.log`, 'a');
    const { name, nodeFlags, takesVariables } = this;
    const preloaded = takesVariables ? ['--import', TAKE_VARIABLES] : [];
    const child = spawn(
      process.execPath,
      [...nodeFlagsOf(name), ...nodeFlags, ...preloaded, `dist/apps/${name}/src/main.js`],
      {
        cwd: ROOT,
        env: { PATH: process.env.PATH, ...this.env },
        stdio: ['ignore', output, output, ...(takesVariables ? (['ipc'] as const) : [])],
      },
    );
    closeSync(output);
    this.child = child;
    if (child.pid !== undefined) writeFileSync(`${this.files}.process`, JSON.stringify(identify(child.pid)));
  }

  /** Changes environment variables of the running process, for code that reads them more than once. */
  async setVariables(variables: Readonly<Record<string, string>>): Promise<void> {
    const { child, name, takesVariables } = this;
    if (child === undefined || !takesVariables) throw new Error(`${name} takes no variables now`);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${name} has ended`)));
    const taken = Promise.race([once(child, 'message'), ended]);
    child.send(variables);
    await taken;
  }

  /** Sends the signal and waits until the process has exited; returns its signal or exit code, null without a process. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<NodeJS.Signals | number | null> {
    const child = this.child;
    this.child = undefined;
    if (child?.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child?.signalCode ?? child?.exitCode ?? null;
  }

  /** Waits until the process exits without `end`; returns its signal or exit code. */
  async waitForExit(deadlineMs = DEADLINE_MS): Promise<NodeJS.Signals | number | null> {
    const { child } = this;
    if (child === undefined) throw new Error(`${this.name} is not running`);
    await eventually(`${this.name} to end`, () => Promise.resolve(this.hasExited ? true : undefined), {
      deadlineMs,
    });
    this.child = undefined;
    return child.signalCode ?? child.exitCode;
  }

  /** Suspends the process without ending it. */
  suspend(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }
}
