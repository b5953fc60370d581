import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { anyPort } from '../support/any-port.js';

const SERVER = fileURLToPath(new URL('bare-server.mjs', import.meta.url));

export interface BareServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the bare server in a separate process, as Nexos runs in one too. */
export async function startBareServer(options: {
  databaseUrl: string;
  secret: string;
  poolSize: number;
}): Promise<BareServer> {
  const port = await anyPort();
  const child = fork(SERVER, {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      DATABASE_URL: options.databaseUrl,
      SECRET: options.secret,
      POOL_SIZE: String(options.poolSize),
      PORT: String(port),
    },
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the bare server exited with ${code}`))),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
