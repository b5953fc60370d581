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
  /** Takes what the supervisor says of the apps. */
  readonly log: (line: string) => void;
}

/** The apps, each with a log file of its own. */
export class DemoApps {
  /** Rejects when an app does not stay up. */
  readonly ended: Promise<void>;
  /** Settles when the API can take work, and rejects when it never will. */
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
    // Whoever waits for neither must not be ended by them.
    this.ended.catch(() => undefined);
    this.ready.catch(() => undefined);
    // They are no part of this process's group, so that they would outlive it.
    process.once('exit', () => this.running.killAll());
  }

  /** Stops the apps in their order. */
  async stop(): Promise<void> {
    await this.running.stop();
    for (const file of this.files.values()) closeSync(file);
  }

  /** A line of an app is `name | text`; every other is the supervisor's. */
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
 * Makes an API key and keeps it in a file that only this user can read, as the header that curl sends with
 * `-H @FILE`: a key on a command line is everybody's.
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
