// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canInstall, installPackages } from './apt.mjs';
import { EngineApi } from './engine-api.mjs';
import { findProgram } from './find-program.mjs';
import { step } from './progress.mjs';
import { SetupError, codeOf, messageOf } from './setup-error.mjs';
import { presetDaemon, startDaemon } from './docker-daemon.mjs';

/** @typedef {{ home: string, environment: NodeJS.ProcessEnv, log: (line: string) => void }} Context */
/** @typedef {{ engine: EngineApi, info: any }} Engine `info` is the engine's answer to `GET /info` */

const DEFAULT_SOCKET = '/var/run/docker.sock';
const OLDEST_MAJOR = 20;
const ENGINE_PACKAGES = ['docker.io', 'iptables', 'debootstrap', 'busybox-static', 'git'];
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const NOT_RUNNING = new Set(['ENOENT', 'ECONNREFUSED']);

/**
 * Finds a Docker Engine that answers; starts one, or installs one, where that may be done.
 *
 * @param {Context} context
 * @returns {Promise<Engine>}
 */
export async function ensureEngine(context) {
  const found = await findEngine(context.environment);
  if (found !== undefined) return usable(found);
  if (process.platform !== 'linux') {
    throw new SetupError('No Docker Engine answers. Install Docker Desktop, start it, then try again.');
  }
  if (findProgram('dockerd') === undefined) {
    if (!canInstall()) {
      throw new SetupError(
        'Docker Engine is not installed. Install it (on Debian or Ubuntu: sudo apt-get install docker.io), or run this as root once.',
      );
    }
    presetDaemon();
    await step(context.log, 'Installing Docker Engine with apt-get', () =>
      installPackages([...ENGINE_PACKAGES, ...certificatePackages()], context.log),
    );
  }
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      'Docker Engine is installed but does not run. Start it (sudo systemctl start docker), then try again.',
    );
  }
  await step(context.log, 'Starting Docker Engine', () => startDaemon(context.home, DEFAULT_SOCKET));
  return usable(await askEngine(`unix://${DEFAULT_SOCKET}`, context.environment));
}

/**
 * Connects to the engine that is there, and starts none.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<Engine | undefined>}
 */
export async function findEngine(environment) {
  const wanted = environment['DOCKER_HOST'];
  for (const host of wanted ? [wanted] : usualHosts(environment)) {
    try {
      return await askEngine(host, environment);
    } catch (error) {
      if (codeOf(error) === 'EACCES') {
        throw new SetupError(
          `This user may not use Docker Engine at ${host}. Join the docker group (sudo usermod -aG docker "$USER"), log in again, then try again.`,
        );
      }
      const mayStart = host === `unix://${DEFAULT_SOCKET}`;
      if (wanted && !(mayStart && NOT_RUNNING.has(codeOf(error) ?? ''))) {
        throw new SetupError(
          `No Docker Engine answers at DOCKER_HOST (${messageOf(error)}). Start it there, or unset DOCKER_HOST.`,
        );
      }
      if (!NOT_RUNNING.has(codeOf(error) ?? '')) throw error;
    }
  }
  return undefined;
}

/** Installing it anew would replace a bundle that this machine's owner may have put there. */
function certificatePackages() {
  return existsSync(CERTIFICATES) ? [] : ['ca-certificates'];
}

/** git fetches what is built; it comes along with the engine's packages, and is looked for on its own. */
export async function ensureGit(/** @type {Context} */ { log }) {
  if (findProgram('git') !== undefined) return;
  if (!canInstall())
    throw new SetupError('git is not installed. Install it (on Debian: sudo apt-get install git).');
  await step(log, 'Installing git with apt-get', () =>
    installPackages(['git', ...certificatePackages()], log),
  );
}

/**
 * @param {string} host
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<Engine>}
 */
async function askEngine(host, environment) {
  const engine = new EngineApi(host, environment);
  return { engine, info: await engine.request('GET', '/info') };
}

/** The system's socket, then those of a user's own engine and of Docker Desktop. */
function usualHosts(/** @type {NodeJS.ProcessEnv} */ environment) {
  const { XDG_RUNTIME_DIR: runtime, HOME: userHome } = environment;
  const paths = [
    DEFAULT_SOCKET,
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    ...(userHome ? [join(userHome, '.docker/run/docker.sock')] : []),
  ];
  return paths.map((path) => `unix://${path}`);
}

/** @param {Engine} found */
function usable(found) {
  const version = String(found.info.ServerVersion);
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) {
    throw new SetupError(`Docker Engine ${version} is too old: ${OLDEST_MAJOR}.10 or newer is needed.`);
  }
  if (found.info.SecurityOptions?.includes('name=rootless')) {
    throw new SetupError(
      'This Docker Engine runs rootless, and Swarm has no overlay networks there. Set DOCKER_HOST to an engine that runs as root.',
    );
  }
  return found;
}
