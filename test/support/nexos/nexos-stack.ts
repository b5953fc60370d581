import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type Docker from 'dockerode';
import pg from 'pg';
import { anyPort } from '../any-port.js';
import { createDatabase } from '../database-template.js';
import { dropDatabase } from '../drop-database.js';
import { eventually } from '../eventually.js';
import { startGitServer, type GitServer } from '../git-server/git-server.js';
import type { TestSystem } from '../global-setup.js';
import { defaultSocketDir, findTheEngine, removeInstallation, startIngress } from '../machine.js';
import { identify } from '../process-identity.js';
import { AppProcess, type AppName } from './app-process.js';
import { checkResponsesOf, stopCheckingResponsesOf } from './checked-fetch.js';
import { DeployingInstallation } from './deploying-installation.js';
import { WEBHOOK_SECRET } from './installation.js';

/** Characters of an app's log to show when it does not start. */
const LOG_TAIL = 2_000;

export interface StackOptions {
  /** Defaults to all apps. */
  readonly apps?: readonly AppName[];
  readonly env?: Readonly<Record<string, string>>;
  /** Variables of single apps. */
  readonly appEnv?: Readonly<Partial<Record<AppName, Readonly<Record<string, string>>>>>;
  /** Added to the flags of production; defaults to source maps. */
  readonly nodeFlags?: readonly string[];
  /** The apps whose variables the test changes while they run. */
  readonly takeVariables?: readonly AppName[];
  /** The API's port; defaults to any free one. */
  readonly port?: number;
  /** An engine of the test's own, whose ingress the test starts. Its address is a variable in `env`. */
  readonly engine?: Docker;
}

/** A separate installation of Nexos: a database, a Redis prefix, an ingress, a git host and the apps. */
export class NexosStack extends DeployingInstallation {
  private constructor(
    instance: string,
    env: Readonly<Record<string, string>>,
    database: pg.Client,
    readonly git: GitServer,
    /** The folder that holds its repositories (`git`), mirrors and logs. */
    readonly home: string,
    private readonly apps: ReadonlyMap<AppName, AppProcess>,
    private readonly system: TestSystem,
    private readonly ownEngine?: Docker,
  ) {
    super(instance, env, database, system.template.key);
  }

  /** @param system what the setup prepared: `inject('system')` */
  static async start(system: TestSystem, options: StackOptions = {}): Promise<NexosStack> {
    const instance = `t${randomBytes(3).toString('hex')}`;
    const home = join(system.home, 'test', instance);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'owner.json'), JSON.stringify(identify(process.pid)));
    writeFileSync(join(home, 'instance'), instance);
    const names = options.apps ?? ['api', 'builder', 'integrations', 'lifecycle', 'quota', 'agent'];
    const git = await startGitServer({ root: join(home, 'git') });
    const ingress =
      names.includes('lifecycle') && options.engine === undefined
        ? await startIngress({
            instance,
            home,
            image: system.images.haproxy ?? '',
            httpPort: await anyPort(),
          })
        : {};
    const port = options.port ?? (await anyPort());
    const env = {
      ...system.env,
      ...ingress,
      DATABASE_URL: await createDatabase(system.env.DATABASE_URL ?? '', instance, system.template.name),
      REDIS_PREFIX: instance,
      NEXOS_INSTANCE: instance,
      PORT: String(port),
      PUBLIC_API_URL: `http://127.0.0.1:${port}`,
      AUTH_FAILURES_PER_MINUTE: '1000000',
      INGRESS_SOCKET_DIR: defaultSocketDir(home, instance),
      MIRROR_DIR: join(home, 'mirrors'),
      GITHUB_URL: git.url,
      GITHUB_API_URL: git.url,
      GITHUB_WEBHOOK_SECRET: WEBHOOK_SECRET,
      SWEEP_MS: '1000',
      LEASE_MS: '3000',
      DRAIN_MS: '1000',
      QUEUE_LOCK_MS: '3000',
      QUEUE_STALLED_MS: '1000',
      LOG_LEVEL: 'debug',
      // Tests poll more than a client should.
      RATE_LIMIT_PER_MINUTE: '100000',
      // Several installations share the node: apps keep their limits, and reserve next to nothing.
      CPU_OVERCOMMIT: '64',
      // Many databases share one Postgres on a busy machine; tests of outages set their own limit.
      DATABASE_TIMEOUT_MS: '60000',
      ...options.env,
    };
    const apps = new Map(
      names.map((name) => [
        name,
        new AppProcess(
          name,
          { ...env, ...options.appEnv?.[name] },
          join(home, name),
          options.nodeFlags,
          options.takeVariables?.includes(name),
        ),
      ]),
    );
    for (const app of apps.values()) app.start();
    const database = new pg.Client({ connectionString: env.DATABASE_URL });
    await database.connect();
    const stack = new NexosStack(instance, env, database, git, home, apps, system, options.engine);
    try {
      await stack.ready();
      await checkResponsesOf(stack.api.baseUrl);
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  protected override engine(): Promise<Docker> {
    return this.ownEngine === undefined ? super.engine() : Promise.resolve(this.ownEngine);
  }

  createRepository(owner: string, name: string): Promise<string> {
    return this.git.createRepository(owner, name);
  }

  app(name: AppName): AppProcess {
    const app = this.apps.get(name);
    if (app === undefined) throw new Error(`${name} is not part of this stack`);
    return app;
  }

  /** Returns another process of an app, not started yet. @param number its number among the app's processes */
  secondProcess(name: AppName, env: Readonly<Record<string, string>> = {}, number = 2): AppProcess {
    return new AppProcess(name, { ...this.env, ...env }, join(this.home, `${name}-${number}`));
  }

  /** Deletes all of this installation's keys in Redis, as if Redis had come back empty. */
  async wipeRedis(): Promise<void> {
    const redis = new Redis(this.env.REDIS_URL ?? '');
    try {
      for await (const keys of redis.scanStream({ match: `${this.instance}:*`, count: 1_000 })) {
        if ((keys as string[]).length > 0) await redis.del(...(keys as string[]));
      }
    } finally {
      redis.disconnect();
    }
  }

  /** Returns the container of HAProxy. */
  async ingress(): Promise<Docker.Container> {
    return (await findTheEngine()).getContainer(`nexos-${this.instance}-ingress`);
  }

  /** Restarts HAProxy, as an operator would. */
  async restartIngress(): Promise<void> {
    await (await this.ingress()).restart({ t: 1 });
  }

  /**
   * Kills HAProxy, as the kernel or a bug would. The engine starts it again, which it would not after `docker kill`.
   * Needs root.
   */
  async killIngress(): Promise<void> {
    const { State } = await (await this.ingress()).inspect();
    process.kill(State.Pid, 'SIGKILL');
    // It may answer until then.
    await eventually(
      'HAProxy to be dead',
      () => Promise.resolve(existsSync(`/proc/${State.Pid}`) ? undefined : true),
      { everyMs: 1 },
    );
  }

  async ready(): Promise<void> {
    const answers = async () => {
      if (this.app('api').hasExited) {
        throw new Error(
          `the API has exited: ${readFileSync(`${this.home}/api.log`, 'utf8').slice(-LOG_TAIL)}`,
        );
      }
      const response = await fetch(`${this.api.baseUrl}/health/ready`).catch(() => null);
      return response?.status === 200 ? true : undefined;
    };
    // Several installations may start at the same time on a busy machine.
    await eventually('the API to be ready', answers);
  }

  /** Stops everything and removes all that was created. */
  async stop(): Promise<void> {
    stopCheckingResponsesOf(this.api.baseUrl);
    await Promise.all([...this.apps.values()].map((app) => app.stop('SIGTERM')));
    await this.git.stop();
    await this.database.end();
    await removeInstallation(this.instance);
    await dropDatabase(this.system.env.DATABASE_URL ?? '', this.instance);
    if (process.env.KEEP_TEST_LOGS === undefined) rmSync(this.home, { recursive: true, force: true });
  }
}
