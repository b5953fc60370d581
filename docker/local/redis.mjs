// @ts-check
import { chmodSync, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { readIfThere, writeAtomically } from './atomic-file.mjs';
import { secret, secretsFolder } from './home.mjs';
import { ownUser } from './own-user.mjs';
import { ensureContainer } from './platform-container.mjs';
import { waitForAnswer } from './wait-for-answer.mjs';

const CONFIG_FILE = '/run/secrets/redis.conf';
const START_MS = 30_000;
const TRY_MS = 2_000;

/**
 * The local Redis, which keeps its data: BullMQ's queues are in it.
 *
 * @param {import('./platform-container.mjs').Platform} platform
 * @param {{ image: string, imageId: string, network: string }} options
 * @returns {Promise<string>} its REDIS_URL
 */
export async function ensureRedis(platform, { image, imageId, network }) {
  const { home, instance } = platform;
  const data = join(home, 'redis');
  mkdirSync(data, { recursive: true });
  const password = secret(home, 'redis-password', 'base64url');
  const name = `nexos-${instance}-redis`;
  const { id, port } = await ensureContainer(platform, {
    name,
    image,
    imageId,
    network,
    containerPort: 6379,
    firstPort: 63_799,
    portName: 'redis',
    stopSeconds: 10,
    config: { ...ownUser(), Cmd: ['redis-server', CONFIG_FILE], StopTimeout: 10 },
    hostConfig: {
      Mounts: [
        { Type: 'bind', Source: data, Target: '/data' },
        { Type: 'bind', Source: configPath(home, password), Target: CONFIG_FILE, ReadOnly: true },
      ],
    },
  });
  await waitForAnswer(platform, { name, id, what: 'Redis', deadlineMs: START_MS }, () =>
    answersPing(port, password),
  );
  return `redis://:${password}@127.0.0.1:${port}`;
}

/**
 * @param {string} home
 * @param {string} password
 */
function configPath(home, password) {
  const path = join(secretsFolder(home), 'redis.conf');
  const text = `${[
    'dir /data',
    'appendonly yes',
    // BullMQ loses jobs when Redis may evict keys. https://docs.bullmq.io/guide/going-to-production
    'maxmemory-policy noeviction',
    `requirepass ${password}`,
  ].join('\n')}\n`;
  // The bind mount follows the file, not the name: writing it anew without need would leave the old one mounted.
  if (readIfThere(path) !== text) writeAtomically(path, text, 0o644);
  // The container's redis user has to read it; on the host only the folder's owner can get at it.
  chmodSync(path, 0o644);
  return path;
}

/**
 * @param {number} port
 * @param {string} password
 * @returns {Promise<boolean>}
 */
function answersPing(port, password) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let answer = '';
    const end = (/** @type {boolean} */ answered) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(TRY_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (data) => {
      answer += data.toString();
      // Loading its data it answers -LOADING.
      if (answer.includes('+PONG')) end(true);
      else if (/^-/m.test(answer)) end(false);
    });
  });
}
