// @ts-check
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findEngine } from './docker-engine.mjs';
import { defaultHome, readInstance } from './home.mjs';
import { isMain } from './is-main.mjs';
import { supervised } from './process-records.mjs';
import { logToStderr, step } from './progress.mjs';
import { removeInstance } from './remove-instance.mjs';
import { withLock } from './set-up-lock.mjs';
import { SetupError, codeOf, exitWith } from './setup-error.mjs';

const DEBIAN = 'nexos-local/debian:bookworm';

/**
 * Removes what this clone runs on the engine: Postgres, Redis, HAProxy, and the services and networks of its
 * environments. The data stays, unless it is to be purged; then the next start is a first start.
 *
 * @param {{ purge?: boolean, log?: (line: string) => void, home?: string, environment?: NodeJS.ProcessEnv }} [options]
 */
export async function stop({
  purge = false,
  log = logToStderr,
  home = defaultHome,
  environment = process.env,
} = {}) {
  if (!existsSync(home)) return log('Nothing was ever started here.');
  const [app] = supervised(home);
  if (app !== undefined) {
    throw new SetupError(`Nexos is running here (process ${app.owner.pid}). Stop it with Ctrl-C first.`);
  }
  await withLock(home, 'setup', log, async () => {
    const instance = readInstance(home);
    const found = await findEngine(environment);
    if (found === undefined && purge) {
      throw new SetupError(
        'No Docker Engine answers. Start it first: what this clone has there is to be purged too.',
      );
    }
    if (found !== undefined && instance !== undefined) {
      await step(log, 'Removing containers, services and networks', () =>
        removeInstance(found.engine, instance, { data: purge }),
      );
    }
    if (purge && found !== undefined) await purgeHome(found.engine, home, log);
    log(
      purge
        ? 'Stopped; all data is gone.'
        : `Stopped. The data stays in ${home}; npm run stop -- --purge deletes it.`,
    );
  });
}

/**
 * @param {import('./engine-api.mjs').EngineApi} engine
 * @param {string} home
 * @param {(line: string) => void} log
 */
async function purgeHome(engine, home, log) {
  // The lock goes last, when it is given up; the log belongs to an engine that may go on running.
  const entries = readdirSync(home).filter((entry) => entry !== 'setup.lock' && entry !== 'dockerd.log');
  try {
    for (const entry of entries) {
      rmSync(join(home, entry), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  } catch (error) {
    if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') throw error;
    await step(log, 'Deleting files of the containers', () => purgeAsRoot(engine, home, entries));
  }
}

/**
 * Deletes through a container what belongs to a container's user.
 *
 * @param {import('./engine-api.mjs').EngineApi} engine
 * @param {string} home
 * @param {string[]} entries
 */
async function purgeAsRoot(engine, home, entries) {
  const inside = `/clone/${basename(home)}`;
  const { Id: id } = await engine.request('POST', '/containers/create', {
    body: {
      Image: DEBIAN,
      User: '0:0',
      Entrypoint: ['rm', '-rf', '--', ...entries.map((entry) => join(inside, entry))],
      NetworkDisabled: true,
      HostConfig: { Mounts: [{ Type: 'bind', Source: dirname(home), Target: '/clone' }] },
    },
  });
  try {
    await engine.request('POST', `/containers/${id}/start`);
    const { StatusCode: status } = await engine.request('POST', `/containers/${id}/wait`);
    if (status !== 0) throw new SetupError(`${home} could not be deleted. Delete it as root.`);
  } finally {
    await engine.request('DELETE', `/containers/${id}`, { query: { force: true } });
  }
}

/** A demo that was killed half-way is an installation of its own, and nothing of it is to be kept. */
async function main() {
  const demo = join(defaultHome, 'demo');
  if (readInstance(demo) !== undefined) await stop({ purge: true, home: demo });
  await stop({ purge: process.argv.includes('--purge') });
}

if (isMain(import.meta.url)) main().catch(exitWith);
