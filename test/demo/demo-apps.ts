import { execFile } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../docker/local/home.js';
import { APPS, startApps, type RunningApps } from '../../docker/local/apps.js';

const run = promisify(execFile);
const CREATE_API_KEY = 'dist/apps/api/src/commands/create-api-key.js';
const LAST_LINES = 15;

export interface DemoAppsOptions {
  readonly env: Readonly<Record<string, string>>;
  /** The descriptor of the demo's lock. */
  readonly lock: number;
  readonly logFolder: string;
  /** Receives the supervisor's messages. */
  readonly log: (line: string) => void;
}

/** Runs the apps, each with its own log file. */
export class DemoApps {
  /** Rejects when an app does not stay up. */
  readonly ended: Promise<void>;
  /** Resolves when the API is ready, and rejects when it never will be. */
  readonly ready: Promise<void>;
  private readonly lastLines: string[] = [];
  private readonly files: ReadonlyMap<string, number>;
  private readonly running: RunningApps;

  constructor({ env, lock, logFolder, log }: DemoAppsOptions) {
    this.files = new Map(APPS.map(({ name }) => [name, openSync(join(logFolder, `${name}.log`), 'a')]));
    this.running = startApps({ env, lock, log: (line) => this.take(line, log) });
    const { ended, ready } = this.running;
    this.ended = this.withLastLines(ended, log);
    this.ready = Promise.race([ready, this.ended]);
    // A rejection that nobody awaits must not end the process.
    this.ended.catch(() => undefined);
    this.ready.catch(() => undefined);
    // The apps are not in this process's group, so they would outlive it.
    process.once('exit', () => this.running.killAll());
  }

  /** Stops the apps in their order. */
  async stop(): Promise<void> {
    await this.running.stop();
    for (const file of this.files.values()) closeSync(file);
  }

  /** Sorts a line: `name | text` belongs to an app, any other line to the supervisor. */
  private take(line: string, log: (line: string) => void): void {
    const [, name = '', text = ''] = /^(\w+) *\| (.*)$/s.exec(line) ?? [];
    const file = this.files.get(name);
    if (file === undefined) {
      log(line);
      return;
    }
    writeSync(file, `${text}\n`);
    this.lastLines.push(line);
    if (this.lastLines.length > LAST_LINES) this.lastLines.shift();
  }

  private async withLastLines(ended: Promise<void>, log: (line: string) => void): Promise<void> {
    try {
      await ended;
    } catch (error) {
      for (const line of this.lastLines) log(line);
      throw error;
    }
  }
}

/**
 * Creates an API key and stores it in a file that only this user can read, as the header that curl sends with
 * `-H @FILE`, because everyone can read a key on a command line.
 *
 * @returns the key
 */
export async function createApiKey(env: Readonly<Record<string, string>>, file: string): Promise<string> {
  const { stdout } = await run(process.execPath, [CREATE_API_KEY, '--name', 'demo'], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  const key = stdout.trim();
  writeFileSync(file, `Authorization: Bearer ${key}\n`, { mode: 0o600 });
  return key;
}
