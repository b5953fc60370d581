// @ts-check
import http from 'node:http';
import { defaultHome, root } from './home.mjs';
import { SetupError } from './setup-error.mjs';
import { SupervisedApp } from './supervised-app.mjs';
import { waitUntil } from './wait-until.mjs';

/** @typedef {{ name: string, command?: string[] }} AppToStart without a command, the compiled app of that name */
/**
 * @typedef {object} RunningApps
 * @property {Promise<void>} ready settles when `readyUrl` answers 200; rejects when that never happens
 * @property {Promise<void>} ended resolves after `stop`; rejects when an app had to be given up
 * @property {() => Promise<void>} stop stops the apps one after another, in the order they were given
 * @property {() => void} killAll kills every app at once
 * @property {(app: string, signal?: NodeJS.Signals) => boolean} kill false when that app does not run now
 * @property {Record<string, number | undefined>} pids of the processes as they are now
 */

/** The apps, in the order in which they are stopped: nothing new comes in before the workers end. */
export const APPS = ['api', 'integrations', 'builder', 'lifecycle', 'quota'].map((name) => ({ name }));

const READY_MS = 120_000;
const ASK_MS = 2_000;

/**
 * Runs the apps, and starts again what dies.
 *
 * @param {object} options
 * @param {NodeJS.ProcessEnv} options.env added to this process's own
 * @param {(line: string) => void} options.log
 * @param {AppToStart[]} [options.apps]
 * @param {string} [options.home]
 * @param {string} [options.readyUrl] by default the API's `/health/ready`
 * @param {number} [options.firstBackOffMs] the pause before an app that died is started again; it doubles each time
 * @returns {RunningApps}
 */
export function startApps({ env, log, apps = APPS, home = defaultHome, readyUrl, firstBackOffMs = 500 }) {
  const everything = { ...process.env, ...env };
  const url = readyUrl ?? `http://127.0.0.1:${everything['PORT'] || '3000'}/health/ready`;
  const width = Math.max(...apps.map(({ name }) => name.length));
  const end = withResolvers();
  // Whoever does not look at `ended` must not be killed by its rejection; `ready` reports it too.
  end.promise.catch(() => undefined);
  let over = false;
  const running = apps.map(
    ({ name, command }) =>
      new SupervisedApp({
        name,
        command: command ?? [process.execPath, '--enable-source-maps', `dist/apps/${name}/src/main.js`],
        cwd: root,
        env: everything,
        home,
        firstBackOffMs,
        output: (line) => log(`${name.padEnd(width)} | ${line}`),
        log,
        giveUp: (error) => {
          over = true;
          end.reject(error);
        },
      }),
  );
  for (const app of running) app.start();
  return {
    ready: untilReady(url, () => over, end.promise),
    ended: end.promise,
    async stop() {
      over = true;
      for (const app of running) await app.stop();
      end.resolve();
    },
    killAll() {
      over = true;
      for (const app of running) app.killNow();
    },
    kill: (name, signal = 'SIGKILL') => running.find((app) => app.name === name)?.kill(signal) ?? false,
    get pids() {
      return Object.fromEntries(running.map((app) => [app.name, app.pid]));
    },
  };
}

/**
 * @param {string} url
 * @param {() => boolean} isOver
 * @param {Promise<void>} ended
 */
function untilReady(url, isOver, ended) {
  const ready = (async () => {
    const answer = await waitUntil(
      async () => (isOver() ? 'over' : (await answersOk(url)) ? 'ready' : undefined),
      { deadlineMs: READY_MS },
    );
    if (answer === 'ready') return;
    if (answer === 'over') await ended;
    throw new SetupError(
      answer === 'over'
        ? 'Stopped before it was ready.'
        : `${url} does not answer 200 after ${READY_MS / 1000} s.`,
    );
  })();
  ready.catch(() => undefined);
  return ready;
}

/**
 * @param {string} url
 * @returns {Promise<boolean>}
 */
function answersOk(url) {
  return new Promise((resolve) => {
    const request = http.get(url, { timeout: ASK_MS, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
    request.once('close', () => resolve(false));
  });
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers() {
  /** @type {(value: void) => void} */
  let resolve = () => undefined;
  /** @type {(reason: unknown) => void} */
  let reject = () => undefined;
  /** @type {Promise<void>} */
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
