import { createServer } from 'node:net';

const TRIES = 200;

/** Reports whether nothing listens on the port. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Returns the first free port on 127.0.0.1 from `first` upward. */
export async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + TRIES; port += 1) if (await isFree(port)) return port;
  throw new Error(`No port from ${first} to ${first + TRIES - 1} is free on 127.0.0.1.`);
}
