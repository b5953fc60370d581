// @ts-check
import { createServer } from 'node:net';

const TRIES = 200;

/**
 * Whether nothing listens on the port.
 *
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<boolean>}
 */
export function isFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * The first free port on 127.0.0.1 from `first` upward.
 *
 * @param {number} first
 */
export async function freePort(first) {
  for (let port = first; port < first + TRIES; port += 1) if (await isFree(port)) return port;
  throw new Error(`No port from ${first} to ${first + TRIES - 1} is free on 127.0.0.1.`);
}
