import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import type { TestSystem } from './global-setup.js';
import { findTheEngine, identify, isRunning, LABELS, removeInstallation, type EngineApi } from './machine.js';

/** The label that names a container's owner: the process's id and start time. */
const OWNER = 'dev.nexos.test.redis-owner';

/** A test file's own Redis, which can crash, come back and lose its data. */
export class RedisServer {
  private constructor(
    readonly url: string,
    private readonly engine: EngineApi,
    private readonly id: string,
    private readonly instance: string,
  ) {}

  static async start(system: TestSystem): Promise<RedisServer> {
    const engine = await findTheEngine();
    await removeLeftovers(engine);
    const instance = `t${randomBytes(3).toString('hex')}`;
    const { pid, began } = identify(process.pid);
    const { Id: id } = (await engine.request('POST', '/containers/create', {
      query: { name: `nexos-${instance}-redis` },
      body: {
        Image: system.images.redis,
        Cmd: ['redis-server', '--appendonly', 'yes', '--appendfsync', 'always'],
        Labels: { [LABELS.instance]: instance, [OWNER]: `${pid}:${began}` },
        ExposedPorts: { '6379/tcp': {} },
        // A fixed port, so that the server has the same one after a restart.
        HostConfig: { PortBindings: { '6379/tcp': [{ HostIp: '127.0.0.1', HostPort: await freePort() }] } },
      },
    })) as { Id: string };
    await engine.request('POST', `/containers/${id}/start`);
    const { HostConfig } = (await engine.request('GET', `/containers/${id}/json`)) as {
      HostConfig: { PortBindings: Record<string, { HostPort: string }[]> };
    };
    const port = HostConfig.PortBindings['6379/tcp']?.[0]?.HostPort ?? '';
    const server = new RedisServer(`redis://127.0.0.1:${port}`, engine, id, instance);
    await server.waitReady();
    return server;
  }

  /** Kills the server, as a crash would; its data is kept. */
  async stop(): Promise<void> {
    await this.engine.request('POST', `/containers/${this.id}/kill`);
  }

  async restart(): Promise<void> {
    await this.engine.request('POST', `/containers/${this.id}/start`);
    await this.waitReady();
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

async function removeLeftovers(engine: EngineApi): Promise<void> {
  const containers = (await engine.request('GET', '/containers/json', {
    query: { all: true, filters: { label: [OWNER] } },
  })) as { Id: string; Labels: Record<string, string> }[];
  for (const { Id, Labels } of containers) {
    const [pid, began = ''] = (Labels[OWNER] ?? '').split(':');
    if (isRunning({ pid: Number(pid), began })) continue;
    await engine.request('DELETE', `/containers/${Id}`, { query: { force: true, v: true } });
  }
}
