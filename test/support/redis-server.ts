import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import type { TestSystem } from './global-setup.js';
import { findTheEngine, LABELS, removeInstallation } from './machine.js';
import { identify, isRunning } from './process-identity.js';

/** Says whose container it is: the process's id, and when that process began. */
const OWNER = 'dev.nexos.test.redis-owner';

/** A Redis of a test file's own, which may go away, come back, and lose everything. */
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
    // It asks for the same port again after a restart.
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
    await server.answers();
    return server;
  }

  /** Takes it away at once, as a crash would; what it holds is kept. */
  async goAway(): Promise<void> {
    await this.container.kill();
  }

  async comeBack(): Promise<void> {
    await this.container.start();
    await this.answers();
  }

  /** Loses all that it holds. */
  async wipe(): Promise<void> {
    await this.ask((redis) => redis.flushall());
  }

  /** Asks it something over a connection of its own. */
  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    // The rejected command says the same.
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

  private async answers(): Promise<void> {
    await eventually('Redis to answer', () => this.ask((redis) => redis.ping()).catch(() => undefined), {
      deadlineMs: 30_000,
      everyMs: 50,
    });
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
