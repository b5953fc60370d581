// @ts-check
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './home.mjs';
import { ensureContainer } from './platform-container.mjs';
import { ensureNetwork } from './platform-network.mjs';
import { SetupError } from './setup-error.mjs';
import { waitForAnswer } from './wait-for-answer.mjs';

/** HAProxy's configuration and its empty map, as they are in the repository. */
export const ingressConfigFolder = join(root, 'docker/haproxy');

const START_MS = 20_000;
const TRY_MS = 2_000;
// sun_path holds 108 bytes on Linux and 104 on macOS, and HAProxy binds under a longer name first.
const LONGEST_PATH = 100;
const LONGEST_SOCKET = 'fallback.sock';

/**
 * HAProxy in front of every environment, on a bridge network of its own: only such a network has Docker's name
 * server. Without `httpPort` a free one is chosen, and kept in the home.
 *
 * @param {object} options
 * @param {import('./engine-api.mjs').EngineApi} options.engine
 * @param {string} options.instance
 * @param {string} options.home the path that marks the container's owner
 * @param {string} options.image
 * @param {string} options.socketDir an absolute path; the sockets of HAProxy and of the API meet there
 * @param {string} [options.name]
 * @param {number} [options.httpPort] on 127.0.0.1
 * @param {string} [options.configDir]
 * @param {(line: string) => void} [options.log]
 * @returns {Promise<{ container: string, network: string, httpPort: number, created: boolean }>}
 */
export async function ensureIngress(options) {
  const { engine, instance, home, image, socketDir, httpPort } = options;
  const {
    name = `nexos-${instance}-ingress`,
    configDir = ingressConfigFolder,
    log = () => undefined,
  } = options;
  const platform = { engine, home, instance, log };
  const network = name.endsWith('-ingress') ? `${name.slice(0, -'-ingress'.length)}-edge` : `${name}-edge`;
  const configFiles = readConfig(configDir);
  privateFolder(socketDir);
  await ensureNetwork(platform, network);
  const { Id: imageId } = await engine.request('GET', `/images/${image}/json`);
  const { id, port, created } = await ensureContainer(platform, {
    name,
    image,
    imageId,
    network,
    containerPort: 8080,
    firstPort: 8480,
    ...(httpPort === undefined ? { portName: /** @type {const} */ ('ingress') } : { fixedPort: httpPort }),
    stopSeconds: 2,
    configFiles,
    config: {
      // It shares unix sockets with our processes, so it runs as our user, with none of root's capabilities.
      User: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
      // Its own SIGUSR1 waits for every connection to end; a local platform stops at once.
      StopSignal: 'SIGTERM',
    },
    hostConfig: {
      CapDrop: ['ALL'],
      Mounts: [
        { Type: 'bind', Source: configDir, Target: '/usr/local/etc/haproxy', ReadOnly: true },
        { Type: 'bind', Source: socketDir, Target: '/run/nexos' },
      ],
    },
  });
  const socket = join(socketDir, 'admin.sock');
  await waitForAnswer(platform, { name, id, what: 'HAProxy', deadlineMs: START_MS }, () =>
    answersInfo(socket),
  );
  return { container: name, network, httpPort: port, created };
}

/**
 * Where the sockets go: under the home, unless that path is too long for a unix socket.
 *
 * @param {string} home
 * @param {string} instance
 */
export function defaultSocketDir(home, instance) {
  const folder = join(home, 'run');
  if (Buffer.byteLength(join(folder, LONGEST_SOCKET)) < LONGEST_PATH) return folder;
  return join(tmpdir(), `nexos-${instance}`);
}

/**
 * The temporary folder is everybody's: one that another user made there first must not be used.
 *
 * @param {string} folder
 */
function privateFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== (process.getuid?.() ?? stat.uid)) {
    throw new SetupError(
      `${folder} is not a folder of this user. Remove it, or set INGRESS_SOCKET_DIR to another.`,
    );
  }
  chmodSync(folder, 0o700);
}

/** @param {string} folder */
function readConfig(folder) {
  if (!existsSync(join(folder, 'haproxy.cfg'))) throw new SetupError(`There is no haproxy.cfg in ${folder}.`);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]);
}

/**
 * @param {string} path HAProxy's runtime API, https://docs.haproxy.org/2.8/management.html#9.3
 * @returns {Promise<boolean>}
 */
function answersInfo(path) {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const end = (/** @type {boolean} */ answered) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(TRY_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('connect', () => socket.write('show info\n'));
    socket.once('data', (data) => end(data.toString().startsWith('Name: HAProxy')));
  });
}
