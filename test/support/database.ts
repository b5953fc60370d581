import { randomBytes } from 'node:crypto';
import { DatabaseConfig, loadConfig } from '@nexos/config';
import { createDataSource, migrate, UnitOfWork } from '@nexos/database';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { TestSystem } from './global-setup.js';
import { identify, isRunning } from './process-identity.js';

/** `it_<pid>_<process start>_<random>`: distinguishes a killed run's database from one in use. */
const NAME = /^it_(\d+)_(\d*)_[0-9a-f]{8}$/;

/** A test file's own database, on the server that the setup started. */
export class TestDatabase {
  readonly unitOfWork: UnitOfWork;

  private constructor(
    readonly url: string,
    readonly dataSource: DataSource,
    /** Removes the database, if it is ours to remove. */
    private readonly remove: () => Promise<void>,
  ) {
    this.unitOfWork = new UnitOfWork(dataSource);
  }

  /** @param migrated false for a database without a single table */
  static async create(system: TestSystem, { migrated = true } = {}): Promise<TestDatabase> {
    const { pid, began } = identify(process.pid);
    const name = `it_${pid}_${began}_${randomBytes(4).toString('hex')}`;
    await asAdmin(system, async (admin) => {
      await dropLeftovers(admin);
      await admin.query(`CREATE DATABASE ${name}`);
    });
    const url = new URL(system.env.DATABASE_URL ?? '');
    url.pathname = `/${name}`;
    const dataSource = await connect(url.href);
    if (migrated) await migrate(dataSource);
    return new TestDatabase(url.href, dataSource, () =>
      asAdmin(system, (admin) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`)),
    );
  }

  /** Opens a database that someone else created and will remove. */
  static async of(url: string): Promise<TestDatabase> {
    return new TestDatabase(url, await connect(url), () => Promise.resolve());
  }

  /** Returns another process's unit of work, whose transactions are separate from those of `unitOfWork`. */
  anotherUnitOfWork(): UnitOfWork {
    return new UnitOfWork(this.dataSource);
  }

  /** Creates a repository of `libs/state` on this database. */
  repository<Repository>(repository: new (unitOfWork: UnitOfWork) => Repository): Repository {
    return new repository(this.unitOfWork);
  }

  /** Returns the rows of a read-only query. */
  rows<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.dataSource.query<Row[]>(sql, parameters);
  }

  /** Connects to the same database again, as another process would. */
  connectAnother(): Promise<DataSource> {
    return connect(this.url);
  }

  /** Disconnects, and removes what `create` created. */
  async drop(): Promise<void> {
    await this.dataSource.destroy();
    await this.remove();
  }
}

function connect(url: string): Promise<DataSource> {
  const { database } = loadConfig({ database: DatabaseConfig }, { DATABASE_URL: url });
  return createDataSource(database).initialize();
}

async function dropLeftovers(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>('SELECT datname FROM pg_database');
  for (const { datname } of rows) {
    const [, pid, began] = NAME.exec(datname) ?? [];
    if (pid === undefined || began === undefined || isRunning({ pid: Number(pid), began })) continue;
    await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  }
}

async function asAdmin(system: TestSystem, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: system.env.DATABASE_URL });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
