// @ts-check
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { readIfThere } from './atomic-file.mjs';
import { secret, secretsFolder } from './home.mjs';
import { ownUser } from './own-user.mjs';
import { ensureContainer } from './platform-container.mjs';
import { SetupError } from './setup-error.mjs';
import { waitForAnswer } from './wait-for-answer.mjs';

const USER = 'nexos';
const DATABASE = 'nexos';
const VOLUME = '/var/lib/postgresql/data';
const PASSWORD_FILE = '/run/secrets/postgres-password';
const START_MS = 90_000;
/** Enough for the installations that tests start side by side, of five apps with ten connections each. */
const MAX_CONNECTIONS = 500;
const TRY_MS = 2_000;

/**
 * The local Postgres: its data under the home, its password in a file.
 *
 * @param {import('./platform-container.mjs').Platform} platform
 * @param {{ image: string, imageId: string, major: string | undefined, network: string }} options
 * @returns {Promise<string>} its DATABASE_URL
 */
export async function ensurePostgres(platform, { image, imageId, major, network }) {
  const { home, instance } = platform;
  const data = join(home, 'postgres');
  const passwordPath = join(secretsFolder(home), 'postgres-password');
  checkData(data, passwordPath, major);
  const password = secret(home, 'postgres-password', 'base64url');
  mkdirSync(data, { recursive: true, mode: 0o755 });
  // The container's user looks for its own folder in it, and may be somebody else.
  chmodSync(data, 0o755);
  const name = `nexos-${instance}-postgres`;
  const { id, port } = await ensureContainer(platform, {
    name,
    image,
    imageId,
    network,
    containerPort: 5432,
    firstPort: 54_329,
    portName: 'postgres',
    stopSeconds: 30,
    config: {
      ...ownUser(),
      Cmd: ['postgres', '-c', `max_connections=${MAX_CONNECTIONS}`],
      Env: [
        `POSTGRES_USER=${USER}`,
        `POSTGRES_DB=${DATABASE}`,
        `POSTGRES_PASSWORD_FILE=${PASSWORD_FILE}`,
        'POSTGRES_INITDB_ARGS=--auth-host=scram-sha-256',
        `PGDATA=${VOLUME}/pgdata`,
      ],
      StopSignal: 'SIGINT',
      StopTimeout: 30,
    },
    hostConfig: {
      Mounts: [
        { Type: 'bind', Source: data, Target: VOLUME },
        { Type: 'bind', Source: passwordPath, Target: PASSWORD_FILE, ReadOnly: true },
      ],
      ShmSize: 128 * 1024 * 1024,
    },
  });
  await waitForAnswer(platform, { name, id, what: 'Postgres', deadlineMs: START_MS }, () => accepts(port));
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
}

/**
 * @param {string} data
 * @param {string} passwordPath
 * @param {string | undefined} major the image's version of Postgres
 */
function checkData(data, passwordPath, major) {
  const version = readIfThere(join(data, 'pgdata/PG_VERSION'))?.trim();
  if (version === undefined) return;
  if (!existsSync(passwordPath)) {
    throw new SetupError(
      `${data} holds a database, but its password in ${passwordPath} is gone. Put it back, or start afresh: npm run stop -- --purge`,
    );
  }
  if (major !== undefined && major !== version) {
    throw new SetupError(
      `${data} was written by Postgres ${version}, and the image is Postgres ${major}. Set POSTGRES_IMAGE to a Postgres ${version}, or start afresh: npm run stop -- --purge`,
    );
  }
}

/**
 * Whether the server asks for the password after a startup message, as opposed to refusing because it still
 * starts up. https://www.postgresql.org/docs/current/protocol-message-formats.html
 *
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function accepts(port) {
  const words = Buffer.from(`user\0${USER}\0database\0${DATABASE}\0\0`);
  const startup = Buffer.alloc(8 + words.length);
  startup.writeInt32BE(startup.length, 0);
  startup.writeInt32BE(196_608, 4);
  words.copy(startup, 8);
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (/** @type {boolean} */ accepted) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(TRY_MS, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.once('connect', () => socket.write(startup));
    socket.once('data', (data) => answer(data.toString('latin1', 0, 1) === 'R'));
  });
}
