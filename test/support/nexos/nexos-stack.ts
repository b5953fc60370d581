import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import { Redis } from 'ioredis';
import pg from 'pg';
import { findEngine } from '../../../docker/local/docker-engine.mjs';
import { defaultSocketDir, ensureIngress } from '../../../docker/local/ingress.mjs';
import { identify } from '../../../docker/local/process-identity.mjs';
import { removeInstance } from '../../../docker/local/remove-instance.mjs';
import { anyPort } from '../any-port.js';
import { createDatabase } from '../database-template.js';
import { dropDatabase } from '../drop-database.js';
import { eventually } from '../eventually.js';
import { startGitServer, type GitServer } from '../git-server/git-server.js';
import type { TestSystem } from '../global-setup.js';
import { AppProcess, type AppName } from './app-process.js';
import { checkAnswersOf, checkNoMore } from './checked-fetch.js';
import { Installation, WEBHOOK_SECRET } from './installation.js';

export interface StackOptions {
  /** All of them, unless said otherwise. */
  readonly apps?: readonly AppName[];
  readonly env?: Readonly<Record<string, string>>;
  /** The API's; any that is free, unless said otherwise. */
  readonly port?: number;
}

/** An installation of Nexos of its own: a database, a Redis prefix, an ingress, a git host and the apps. */
export class NexosStack extends Installation {
  private constructor(
    instance: string,
    env: Readonly<Record<string, string>>,
    database: pg.Client,
    readonly git: GitServer,
    private readonly home: string,
    private readonly apps: ReadonlyMap<AppName, AppProcess>,
    private readonly system: TestSystem,
  ) {
    super(instance, env, database, system.template.key);
  }

  /** @param system what the set-up made: `inject('system')` */
  static async start(system: TestSystem, options: StackOptions = {}): Promise<NexosStack> {
    const instance = `t${randomBytes(3).toString('hex')}`;
    const home = join(system.home, 'test', instance);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'owner.json'), JSON.stringify(identify(process.pid)));
    writeFileSync(join(home, 'instance'), instance);
    const names = options.apps ?? ['api', 'builder', 'integrations', 'lifecycle', 'quota'];
    const git = await startGitServer({ root: join(home, 'git') });
    const ingress = names.includes('lifecycle') ? await startIngress(system, instance, home) : {};
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
      HEALTH_TIMEOUT_MS: '20000',
      QUEUE_LOCK_MS: '3000',
      QUEUE_STALLED_MS: '1000',
      LOG_LEVEL: 'debug',
      // Tests poll more than a client should.
      RATE_LIMIT_PER_MINUTE: '100000',
      ...options.env,
    };
    const apps = new Map(names.map((name) => [name, new AppProcess(name, env, join(home, name))]));
    for (const app of apps.values()) app.start();
    const database = new pg.Client({ connectionString: env.DATABASE_URL });
    await database.connect();
    const stack = new NexosStack(instance, env, database, git, home, apps, system);
    try {
      await stack.ready();
      await checkAnswersOf(stack.api.baseUrl);
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  app(name: AppName): AppProcess {
    const app = this.apps.get(name);
    if (app === undefined) throw new Error(`${name} is not part of this stack`);
    return app;
  }

  /** A second process of an app, which is not started yet. */
  another(name: AppName, env: Readonly<Record<string, string>> = {}): AppProcess {
    return new AppProcess(name, { ...this.env, ...env }, join(this.home, `${name}-2`));
  }

  /** Takes away all that this installation has in Redis, as if Redis had come back empty. */
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

  /** Ends HAProxy and starts it again, as an operator or a crash would. */
  /** While the engine takes a network of the container away, it starts it only when it is told so again. */
  async restartIngress(): Promise<void> {
    const engine = await engineOf();
    const path = `/containers/${this.env.INGRESS_CONTAINER ?? ''}`;
    await engine.request('POST', `${path}/stop`, { query: { t: 1 } });
    let refusal: unknown;
    const start = () =>
      engine.request('POST', `${path}/start`).then(
        () => true,
        (error: unknown) => {
          refusal = String(error);
          return undefined;
        },
      );
    await eventually('the ingress to be started', start, { seen: () => refusal });
  }

  /** Takes Swarm services away behind the apps' backs. */
  async removeServices(filter: string): Promise<void> {
    const docker = new Docker();
    for (const name of await this.services(filter)) await docker.getService(name).remove();
  }

  /** Names of the Swarm services that this installation has. */
  async services(filter = ''): Promise<string[]> {
    const engine = await engineOf();
    const label = [`dev.nexos.instance=${this.instance}`, ...(filter === '' ? [] : [filter])];
    const services = (await engine.request('GET', '/services', { query: { filters: { label } } })) as {
      Spec: { Name: string };
    }[];
    return services.map(({ Spec }) => Spec.Name);
  }

  /** All that this installation has on the engine, by name, but for the ingress itself; or what bears a label. */
  async belongings(filter = ''): Promise<Record<'services' | 'networks' | 'images' | 'volumes', string[]>> {
    const engine = await engineOf();
    const label = [`dev.nexos.instance=${this.instance}`, ...(filter === '' ? [] : [filter])];
    const query = { filters: { label } };
    const networks = (await engine.request('GET', '/networks', { query })) as { Name: string }[];
    const images = (await engine.request('GET', '/images/json', { query })) as { Id: string }[];
    const { Volumes: volumes } = (await engine.request('GET', '/volumes', { query })) as {
      Volumes: { Name: string }[] | null;
    };
    return {
      services: (await this.services(filter)).sort(),
      networks: networks.map(({ Name }) => Name).sort(),
      images: images.map(({ Id }) => Id).sort(),
      volumes: (volumes ?? []).map(({ Name }) => Name).sort(),
    };
  }

  /** The buckets in the S3 servers that run, and what names their accounts. */
  async storedInS3(): Promise<{ buckets: string[]; accounts: string }> {
    const buckets: string[] = [];
    let accounts = '';
    for (const service of await this.services('dev.nexos.service=s3')) {
      if ((await this.containers(`com.docker.swarm.service.name=${service}`)).length === 0) continue;
      const listed = await this.inContainerOf(service, ['ls', '-1', '/data/buckets']);
      buckets.push(...listed.split(/\s+/).filter((name) => name !== ''));
      accounts += await this.inContainerOf(service, ['sh', '-c', 'cat /data/accounts/*']);
    }
    return { buckets: buckets.sort(), accounts };
  }

  /** The containers that run and bear a label. */
  async containers(filter: string): Promise<string[]> {
    const filters = JSON.stringify({ label: [`dev.nexos.instance=${this.instance}`, filter] });
    return (await new Docker().listContainers({ filters })).map(({ Id }) => Id);
  }

  /** What a command writes in the container of a Swarm service. */
  async inContainerOf(service: string, command: readonly string[]): Promise<string> {
    const filters = JSON.stringify({ label: [`com.docker.swarm.service.name=${service}`] });
    const docker = new Docker();
    const [container] = await docker.listContainers({ filters });
    if (container === undefined) throw new Error(`${service} has no container`);
    const exec = await docker
      .getContainer(container.Id)
      .exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, Tty: true });
    const chunks: Buffer[] = [];
    for await (const chunk of await exec.start({ Tty: true })) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  }

  /** Takes an image away behind the apps' backs; its last container may still be on its way out. */
  async loseImage(id: string): Promise<void> {
    const engine = await engineOf();
    await eventually(`the image ${id} to be gone`, async () => {
      try {
        await engine.request('DELETE', `/images/${id}`, { query: { force: true } });
        return true;
      } catch (error) {
        if ((error as { status?: number }).status === 409) return undefined;
        throw error;
      }
    });
  }

  async ready(): Promise<void> {
    await eventually('the API to be ready', async () => {
      if (this.app('api').hasExited) throw new Error(`the API has exited; see ${this.home}/api.log`);
      const response = await fetch(`${this.api.baseUrl}/health/ready`).catch(() => null);
      return response?.status === 200 ? true : undefined;
    });
  }

  /** Ends everything and removes all that was made. */
  async stop(): Promise<void> {
    checkNoMore(this.api.baseUrl);
    await Promise.all([...this.apps.values()].map((app) => app.end('SIGTERM')));
    await this.git.stop();
    await this.database.end();
    await removeInstance(await engineOf(), this.instance, { data: true });
    await dropDatabase(this.system.env.DATABASE_URL ?? '', this.instance);
    if (process.env.KEEP_TEST_LOGS === undefined) rmSync(this.home, { recursive: true, force: true });
  }
}

async function engineOf() {
  const found = await findEngine(process.env);
  if (found === undefined) throw new Error('there is no engine');
  return found.engine;
}

async function startIngress(system: TestSystem, instance: string, home: string) {
  const { container, httpPort } = await ensureIngress({
    engine: await engineOf(),
    instance,
    home,
    image: system.images.haproxy ?? '',
    socketDir: defaultSocketDir(home, instance),
    httpPort: await anyPort(),
  });
  return { INGRESS_CONTAINER: container, PUBLIC_PORT: String(httpPort) };
}
