import pg from 'pg';
import { createTemplate } from './database-template.js';
import type { TestSystem } from './global-setup.js';
import { OwnContainer } from './own-container.js';

const PASSWORD = 'of-a-test';

/** A test file's own Postgres, which can crash, freeze and come back. */
export class PostgresServer extends OwnContainer {
  private removeTemplate: () => Promise<void> = () => Promise.resolve();

  static async start(system: TestSystem): Promise<PostgresServer> {
    const { container, instance, publishedPort } = await this.run({
      name: 'postgres',
      image: system.images.postgres ?? '',
      env: ['POSTGRES_USER=nexos', 'POSTGRES_DB=nexos', `POSTGRES_PASSWORD=${PASSWORD}`],
      port: 5432,
    });
    const server = new PostgresServer('Postgres', container, instance, publishedPort);
    await server.waitReady();
    return server;
  }

  get url(): string {
    return `postgres://nexos:${PASSWORD}@127.0.0.1:${this.publishedPort}/nexos`;
  }

  /** Returns the system with this server and a template of its databases, for `NexosStack.start`. */
  async systemWithTemplate(system: TestSystem): Promise<TestSystem> {
    const env = { ...system.env, DATABASE_URL: this.url };
    const { template, remove } = await createTemplate(system.home, env);
    this.removeTemplate = remove;
    return { ...system, env, template };
  }

  override async remove(): Promise<void> {
    await this.removeTemplate();
    await super.remove();
  }

  protected override async answers(): Promise<unknown> {
    const client = new pg.Client({ connectionString: this.url });
    // A query rejects with the same error.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.query('SELECT 1');
    } finally {
      await client.end();
    }
  }
}
