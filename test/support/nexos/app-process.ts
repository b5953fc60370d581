import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from '../eventually.js';
import { identify } from '../process-identity.js';

export type AppName = 'api' | 'builder' | 'integrations' | 'lifecycle' | 'quota';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * One of the compiled apps as a process that a test may kill and start again. Nothing restarts it by itself. It is
 * written down which process it is, so that the next run ends it if this one cannot.
 */
export class AppProcess {
  private child: ChildProcess | undefined;

  constructor(
    readonly name: AppName,
    private readonly env: Readonly<Record<string, string>>,
    private readonly files: string,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Whether it ended though nobody asked it to. */
  get hasExited(): boolean {
    return this.child !== undefined && (this.child.exitCode !== null || this.child.signalCode !== null);
  }

  start(): void {
    if (this.child !== undefined) throw new Error(`${this.name} runs already`);
    // Handed over as it is: what the app writes costs nobody else anything.
    const output = openSync(`${this.files}.log`, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', `dist/apps/${this.name}/src/main.js`], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, ...this.env },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.child = child;
    if (child.pid !== undefined) writeFileSync(`${this.files}.process`, JSON.stringify(identify(child.pid)));
  }

  /** Sends the signal and waits until the process is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  /** What ended the process, once something did: nobody else asked it to. */
  async untilEnded(deadlineMs = 60_000): Promise<NodeJS.Signals | number | null> {
    const { child } = this;
    if (child === undefined) throw new Error(`${this.name} does not run`);
    await eventually(`${this.name} to end`, () => Promise.resolve(this.hasExited ? true : undefined), {
      deadlineMs,
    });
    this.child = undefined;
    return child.signalCode ?? child.exitCode;
  }

  /** Stops the process in the middle of whatever it does, without ending it. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }
}
