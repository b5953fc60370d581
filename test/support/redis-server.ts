import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import type { TestSystem } from './global-setup.js';
import { findTheEngine, LABELS, removeInstallation } from './machine.js';
import { identify, isRunning } from './process-identity.js';

/** The label that names a container's owner: the process's id and start time. */
const OWNER = 'dev.nexos.test.redis-owner';

/** A test file's own Redis, which can crash, come back and lose its data. */
export class RedisServer {
  private constructor(
    readonly url: string,
    private readonly container: Docker.Container,
    private readonly instance: string,
  ) {}

  static async start(system: TestSystem): Promise<RedisServer> {
    const engine = await findTheEngine();
    await removeLeftovers(engine);
    const instance = `t${randomBytes(3).toString('hex')}`;
    const { pid, began } = identify(process.pid);
    // A fixed port, so that the server has the same one after a restart.
    const port = await freePort();
    const container = await engine.createContainer({
      name: `nexos-${instance}-redis`,
      Image: system.images.redis ?? '',
      Cmd: ['redis-server', '--appendonly', 'yes', '--appendfsync', 'always'],
      Labels: { [LABELS.instance]: instance, [OWNER]: `${pid}:${began}` },
      ExposedPorts: { '6379/tcp': {} },
      HostConfig: { PortBindings: { '6379/tcp': [{ HostIp: '127.0.0.1', HostPort: port }] } },
    });
    await container.start();
    const server = new RedisServer(`redis://127.0.0.1:${port}`, container, instance);
    await server.waitReady();
    return server;
  }

  /** Kills the server, as a crash would; its data is kept. */
  async stop(): Promise<void> {
    await this.container.kill();
  }

  async restart(): Promise<void> {
    await this.container.start();
    await this.waitReady();
  }

  /** Stops the server's process with SIGSTOP: connections are accepted, but nothing is answered. */
  async freeze(): Promise<void> {
    await this.container.kill({ signal: 'SIGSTOP' });
  }

  async thaw(): Promise<void> {
    await this.container.kill({ signal: 'SIGCONT' });
  }

  /** Deletes all data. */
  async wipe(): Promise<void> {
    await this.withClient((redis) => redis.flushall());
  }

  /** Runs `question` on a separate connection. */
  async withClient<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    // The command rejects with the same error.
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  }

  async remove(): Promise<void> {
    await removeInstallation(this.instance);
  }

  private async waitReady(): Promise<void> {
    await eventually(
      'Redis to answer',
      () => this.withClient((redis) => redis.ping()).catch(() => undefined),
      {
        deadlineMs: 30_000,
        everyMs: 50,
      },
    );
  }
}

async function freePort(): Promise<string> {
  const { createServer } = await import('node:net');
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(String(typeof address === 'object' ? address?.port : '')));
    });
  });
}

async function removeLeftovers(engine: Docker): Promise<void> {
  const containers = await engine.listContainers({ all: true, filters: { label: [OWNER] } });
  for (const { Id, Labels } of containers) {
    const [pid, began = ''] = (Labels[OWNER] ?? '').split(':');
    if (isRunning({ pid: Number(pid), began })) continue;
    await engine.getContainer(Id).remove({ force: true, v: true });
  }
}
