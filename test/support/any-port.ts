import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below Linux's ephemeral ports, any of which an outgoing connection may take before an app listens on it. */
const PORTS = { first: 20_000, end: 32_768 } as const;
const TRIES = 100;

/** Returns a free port of 127.0.0.1 that no outgoing connection takes. */
export async function anyPort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = randomInt(PORTS.first, PORTS.end);
    if (await isFree(port)) return port;
  }
  throw new Error(`Found no free port on 127.0.0.1 in ${TRIES} tries from ${PORTS.first} on.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
