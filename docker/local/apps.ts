import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { App } from './app.js';
import { readIfExists, root } from './home.js';
import { withLock } from './lock.mjs';
import type { Log } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

/** The apps in the order in which they are stopped: nothing new comes in before the workers end. */
export const APPS = ['api', 'integrations', 'builder', 'lifecycle', 'quota'].map((name) => ({
  name,
  module: join(root, `dist/apps/${name}/src/main.js`),
}));

const READY_MS = 120_000;
const ASK_MS = 2_000;
/** Longer than an app takes to stop, after the process that ran it was killed. */
const LEFTOVERS_SECONDS = 45;

export interface AppsOptions {
  /** Added to this process's own. */
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly apps?: readonly { readonly name: string; readonly module: string }[];
  readonly firstBackOffMs?: number;
  /** The descriptor of a lock that the apps hold while they run. */
  readonly lock?: number;
}

export interface RunningApps {
  /** Resolves when the API's `/health/ready` answers 200; rejects when that never happens. */
  readonly ready: Promise<void>;
  /** Resolves after `stop`; rejects when an app had to be given up. */
  readonly ended: Promise<void>;
  /** Stops the apps one after another, in the order they were given. */
  readonly stop: () => Promise<void>;
  readonly killAll: () => void;
  readonly apps: readonly App[];
}

/**
 * Runs `work` as the one process that runs the apps of an installation. Those of a run that was killed are still
 * stopping; they are waited for.
 *
 * @throws SetupError when another process does
 */
export async function asOnlyRunner<T>(
  home: string,
  log: Log,
  work: (lock: number) => Promise<T>,
  held = (pid: string) => `Nexos is running here (process ${pid}). Stop it with Ctrl-C first.`,
): Promise<T> {
  const path = join(home, 'apps.lock');
  const holder = readIfExists(path)?.trim();
  const waitSeconds = holder && existsSync(`/proc/${holder}`) ? 0 : LEFTOVERS_SECONDS;
  return await withLock(path, { log, waitSeconds, held }, work);
}

/** Runs the apps, and restarts those that die. */
export function startApps(options: AppsOptions): RunningApps {
  const { log, apps = APPS, firstBackOffMs = 500, lock } = options;
  const env = { ...process.env, ...options.env };
  const width = Math.max(...apps.map(({ name }) => name.length));
  const running = apps.map(
    ({ name, module }) =>
      new App({
        ...{ name, module, env, firstBackOffMs, lock, log },
        output: (line) => log(`${name.padEnd(width)} | ${line}`),
      }),
  );
  let isOver = false;
  const ended = Promise.all(running.map((app) => app.run()))
    .then(() => undefined)
    .finally(() => (isOver = true));
  const url = `http://127.0.0.1:${env.PORT || '3000'}/health/ready`;
  const ready = Promise.race([untilReady(url, () => isOver), ended.then(stoppedEarly)]);
  // Nobody has to wait for either of them.
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
    const response = await fetch(url, { signal: AbortSignal.timeout(ASK_MS) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.status === 200) return;
    if (isOver()) stoppedEarly();
    await delay(100);
  }
  throw new SetupError(`${url} does not answer 200 after ${READY_MS / 1000} s.`);
}

function stoppedEarly(): never {
  throw new SetupError('Stopped before it was ready.');
}
