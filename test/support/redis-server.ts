import { Redis } from 'ioredis';
import type { TestSystem } from './global-setup.js';
import { OwnContainer } from './own-container.js';

/** A test file's own Redis, which can crash, come back and lose its data. */
export class RedisServer extends OwnContainer {
  static async start(system: TestSystem): Promise<RedisServer> {
    const { container, instance, publishedPort } = await this.run({
      name: 'redis',
      image: system.images.redis ?? '',
      command: ['redis-server', '--appendonly', 'yes', '--appendfsync', 'always'],
      port: 6379,
    });
    const server = new RedisServer('Redis', container, instance, publishedPort);
    await server.waitReady();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.publishedPort}`;
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

  protected override answers(): Promise<unknown> {
    return this.withClient((redis) => redis.ping());
  }
}
