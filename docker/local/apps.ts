import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { App } from './app.js';
import { readIfExists, root } from './home.js';
import { withLock } from './lock.mjs';
import type { Log } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

/** The apps in stopping order: those that accept work stop before those that do it. */
export const APPS = ['api', 'integrations', 'builder', 'lifecycle', 'quota', 'agent'].map((name) => ({
  name,
  module: join(root, `dist/apps/${name}/src/main.js`),
}));

const READY_MS = 120_000;
const REQUEST_TIMEOUT_MS = 2_000;
/** Longer than an app takes to stop after its runner was killed. */
const PREVIOUS_RUN_SECONDS = 45;

export interface AppsOptions {
  /** Added to this process's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Added for the builder alone. */
  readonly builderEnv?: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly apps?: readonly { readonly name: string; readonly module: string }[];
  readonly nodeFlags?: readonly string[];
  readonly firstBackOffMs?: number;
  /** The descriptor of a lock, which the apps hold while they run. */
  readonly lock?: number;
}

export interface RunningApps {
  /** Resolves when the API's `/health/ready` answers 200; rejects when it never does. */
  readonly ready: Promise<void>;
  /** Resolves after `stop`; rejects when an app cannot run or keeps crashing. */
  readonly ended: Promise<void>;
  /** Stops the apps one after another, in the given order. */
  readonly stop: () => Promise<void>;
  readonly killAll: () => void;
  readonly apps: readonly App[];
}

/**
 * Holds the lock of an installation's apps during `work`. If the last run was killed, waits until its apps have stopped.
 *
 * @throws SetupError while another process holds the lock
 */
export async function withAppsLock<T>(
  home: string,
  log: Log,
  work: (lock: number) => Promise<T>,
  held = (pid: string) => `Nexos is already running (process ${pid}). Stop it with Ctrl-C first.`,
): Promise<T> {
  const path = join(home, 'apps.lock');
  const holder = readIfExists(path)?.trim();
  const waitSeconds = holder && existsSync(`/proc/${holder}`) ? 0 : PREVIOUS_RUN_SECONDS;
  return await withLock(path, { log, waitSeconds, held }, work);
}

/** Starts the apps, and restarts those that crash. */
export function startApps(options: AppsOptions): RunningApps {
  const { log, apps = APPS, nodeFlags = [], firstBackOffMs = 500, lock, builderEnv = {} } = options;
  const env = { ...process.env, ...options.env };
  const width = Math.max(...apps.map(({ name }) => name.length));
  const running = apps.map(
    ({ name, module }) =>
      new App({
        ...{ name, module, nodeFlags, firstBackOffMs, lock, log },
        env: name === 'builder' ? { ...env, ...builderEnv } : env,
        output: (line) => log(`${name.padEnd(width)} | ${line}`),
      }),
  );
  let isOver = false;
  const ended = Promise.all(running.map((app) => app.run()))
    .then(() => undefined)
    .finally(() => (isOver = true));
  const url = `http://127.0.0.1:${env.PORT || '3000'}/health/ready`;
  const ready = Promise.race([untilReady(url, () => isOver), ended.then(stoppedEarly)]);
  // Callers may ignore either.
  for (const promise of [ended, ready]) promise.catch(() => undefined);
  return {
    ready,
    ended,
    apps: running,
    stop: async () => {
      for (const app of running) await app.stop();
    },
    killAll: () => {
      for (const app of running) app.killNow();
    },
  };
}

async function untilReady(url: string, isOver: () => boolean): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }).catch(
      () => undefined,
    );
    await response?.body?.cancel();
    if (response?.status === 200) return;
    if (isOver()) stoppedEarly();
    await delay(100);
  }
  throw new SetupError(`${url} did not answer 200 within ${READY_MS / 1000} s. See the log above.`);
}

function stoppedEarly(): never {
  throw new SetupError('Nexos stopped before it was ready.');
}
