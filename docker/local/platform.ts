import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { connect, type NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Image } from '../images/images.js';
import type { ContainerSpec, Owner } from './container.js';
import { readIfExists, root, secret, secretPath, writeAtomically } from './home.js';
import { SetupError } from './setup-error.mjs';

/** HAProxy's configuration, its empty maps, and the script that starts it. */
export const ingressConfigFolder = join(root, 'docker/haproxy');

const PASSWORD_FILE = '/run/secrets/postgres-password';
const REDIS_CONFIG = '/run/secrets/redis.conf';
const REPLY_MS = 2_000;
// sun_path holds 108 bytes on Linux and 104 on macOS, and HAProxy binds under a longer name first.
const LONGEST_PATH = 100;
const LONGEST_SOCKET = 'fallback.sock';
/** https://www.postgresql.org/docs/current/protocol-message-formats.html: length, protocol 3.0, parameters */
const POSTGRES_STARTUP = '\0\0\0\x23\0\x03\0\0user\0nexos\0database\0nexos\0\0';

/** A container with a server that has a URL. */
interface Server extends ContainerSpec {
  readonly url: (port: number) => string;
}

/** Describes the local Postgres, whose data and password file are in the home. */
export async function postgres({ docker, home, instance }: Owner, image: Image): Promise<Server> {
  const data = join(home, 'postgres');
  const passwordFile = secretPath(home, 'postgres-password');
  const version = readIfExists(join(data, 'pgdata/PG_VERSION'))?.trim();
  if (version !== undefined && !existsSync(passwordFile)) {
    throw new SetupError(
      `${data} contains a database, but its password file ${passwordFile} is missing. Restore that file, or delete all data (npm run stop -- --purge).`,
    );
  }
  const { Env: variables } = (await docker.getImage(image.id).inspect()).Config;
  const major = variables.find((variable) => variable.startsWith('PG_MAJOR='))?.slice('PG_MAJOR='.length);
  if (version !== undefined && major !== undefined && major !== version) {
    throw new SetupError(
      `${data} was written by Postgres ${version}, but the image contains Postgres ${major}. Set POSTGRES_IMAGE to Postgres ${version}, or delete all data (npm run stop -- --purge).`,
    );
  }
  const password = secret(home, 'postgres-password', 'base64url');
  mkdirSync(data, { recursive: true });
  // The container's user may be another one, and must be able to enter the folder.
  chmodSync(data, 0o755);
  return {
    name: `nexos-${instance}-postgres`,
    title: 'Postgres',
    image,
    network: { name: `nexos-${instance}-stores`, port: 5432 },
    firstPort: 54_329,
    portName: 'postgres',
    deadlineMs: 90_000,
    config: () => ({
      ...ownUser(),
      // Tests run several installations at the same time, of five apps with ten connections each.
      Cmd: ['postgres', '-c', 'max_connections=500'],
      Env: [
        'POSTGRES_USER=nexos',
        'POSTGRES_DB=nexos',
        `POSTGRES_PASSWORD_FILE=${PASSWORD_FILE}`,
        'POSTGRES_INITDB_ARGS=--auth-host=scram-sha-256',
        'PGDATA=/var/lib/postgresql/data/pgdata',
      ],
      StopSignal: 'SIGINT',
      StopTimeout: 30,
      HostConfig: {
        Mounts: [
          { Type: 'bind', Source: data, Target: '/var/lib/postgresql/data' },
          { Type: 'bind', Source: passwordFile, Target: PASSWORD_FILE, ReadOnly: true },
        ],
        ShmSize: 128 * 1024 * 1024,
      },
    }),
    // R requests the password. While Postgres starts up, it answers with an error (E).
    answers: (port) => replies({ port, host: '127.0.0.1' }, POSTGRES_STARTUP, /^R/),
    url: (port) => `postgres://nexos:${password}@127.0.0.1:${port}/nexos`,
  };
}

/** Describes the local Redis, which persists its data because it holds BullMQ's queues. */
export function redis({ home, instance }: Owner, image: Image): Server {
  const data = join(home, 'redis');
  mkdirSync(data, { recursive: true });
  const password = secret(home, 'redis-password', 'base64url');
  return {
    name: `nexos-${instance}-redis`,
    title: 'Redis',
    image,
    network: { name: `nexos-${instance}-stores`, port: 6379 },
    firstPort: 63_799,
    portName: 'redis',
    deadlineMs: 30_000,
    config: () => ({
      ...ownUser(),
      Cmd: ['redis-server', REDIS_CONFIG],
      HostConfig: {
        Mounts: [
          { Type: 'bind', Source: data, Target: '/data' },
          { Type: 'bind', Source: redisConfig(home, password), Target: REDIS_CONFIG, ReadOnly: true },
        ],
      },
    }),
    // While Redis loads its data, it answers -LOADING.
    answers: (port) => replies({ port, host: '127.0.0.1' }, `AUTH ${password}\r\nPING\r\n`, /^\+PONG/m),
    url: (port) => `redis://:${password}@127.0.0.1:${port}`,
  };
}

export interface IngressOptions {
  readonly image: Image;
  /** An absolute path of the folder with the sockets of HAProxy and of the API. */
  readonly socketDir: string;
  readonly configDir?: string;
  /** On 127.0.0.1. Default: a free port, which the home remembers. */
  readonly httpPort?: number;
  /** The environment of the container, as `NAME=value`. */
  readonly variables?: readonly string[];
  /** Whether HAProxy stays as it is if it runs. */
  readonly isKept?: boolean;
}

/** Describes HAProxy, which is in front of every environment, in the machine's own network: the projects' bridges are there. */
export function ingress({ instance }: Owner, options: IngressOptions): ContainerSpec {
  const {
    image,
    socketDir,
    configDir = ingressConfigFolder,
    httpPort,
    variables = [],
    isKept = false,
  } = options;
  privateFolder(socketDir);
  const files = readdirSync(configDir).sort();
  return {
    name: `nexos-${instance}-ingress`,
    title: 'HAProxy',
    image,
    ...(httpPort === undefined ? {} : { port: httpPort }),
    firstPort: 8480,
    portName: 'ingress',
    deadlineMs: 20_000,
    isKept,
    config: (port) => ({
      // HAProxy shares unix sockets with the apps, so it runs as the same user, without root's capabilities.
      User: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
      Cmd: ['sh', '/usr/local/etc/haproxy/start.sh'],
      // The image's own SIGUSR1 waits for every connection to end, which the local setup does not need.
      StopSignal: 'SIGTERM',
      StopTimeout: 2,
      Env: [`INGRESS_BIND=127.0.0.1:${port}`, ...variables],
      HostConfig: {
        CapDrop: ['ALL'],
        Mounts: [
          { Type: 'bind', Source: configDir, Target: '/usr/local/etc/haproxy', ReadOnly: true },
          { Type: 'bind', Source: socketDir, Target: '/run/nexos' },
        ],
      },
    }),
    fingerprint: files.map((name) => readFileSync(join(configDir, name), 'utf8')).join('\0'),
    // https://docs.haproxy.org/2.8/management.html#9.3
    answers: () => replies({ path: join(socketDir, 'admin.sock') }, 'show info\n', /^Name: HAProxy/),
  };
}

/** Returns the folder of the sockets: in the home, unless that path is too long for a unix socket. */
export function defaultSocketDir(home: string, instance: string): string {
  const folder = join(home, 'run');
  if (Buffer.byteLength(join(folder, LONGEST_SOCKET)) < LONGEST_PATH) return folder;
  return join(tmpdir(), `nexos-${instance}`);
}

/**
 * Returns the current user, for containers that write into the home: the files then belong to that user. Under root,
 * the images switch to their own user.
 */
function ownUser(): { User?: string } {
  const uid = process.getuid?.() ?? 0;
  return uid === 0 ? {} : { User: `${uid}:${process.getgid?.() ?? uid}` };
}

function redisConfig(home: string, password: string): string {
  const path = secretPath(home, 'redis.conf');
  // BullMQ loses jobs when Redis may evict keys: https://docs.bullmq.io/guide/going-to-production
  const text = `dir /data\nappendonly yes\nmaxmemory-policy noeviction\nrequirepass ${password}\n`;
  // A bind mount follows the file, not its name: after a replacement, the old file would stay mounted.
  if (readIfExists(path) !== text) writeAtomically(path, text, 0o644);
  // The container's redis user must read it; on the host, only the folder's owner can reach it.
  chmodSync(path, 0o644);
  return path;
}

/** Creates a folder for this user alone. In a shared temporary folder, another user may have created it first. */
function privateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== (process.getuid?.() ?? stat.uid)) {
    throw new SetupError(
      `${folder} is not a folder that this user owns. Remove it, or set INGRESS_SOCKET_DIR to another folder.`,
    );
  }
  chmodSync(folder, 0o700);
}

/** Sends a request over a new connection, and reports whether the reply matches before it ends or stalls. */
function replies(address: NetConnectOpts, request: string, pattern: RegExp): Promise<boolean> {
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect({ ...address, timeout: REPLY_MS }, () => socket.write(request, 'latin1'));
    const end = (isMatch: boolean): void => {
      socket.destroy();
      resolve(isMatch);
    };
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.on('data', (data) => {
      reply += data.toString('latin1');
      if (pattern.test(reply)) end(true);
    });
  });
}
