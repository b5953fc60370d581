import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ensureImages, type Image } from '../images/images.js';
import type { ImageName } from '../images/stand-in.js';
import { ensureContainers } from './container.js';
import { ensureEngine } from './engine.js';
import { defaultHome, secret, type Context } from './home.js';
import { ingressVariables } from './ingress-variables.js';
import { ensureProgram } from './install-engine.js';
import { ensureInstance, listClones, removeOrphans } from './instances.js';
import { ensureBuilds } from './isolated-builds.js';
import { withLock } from './lock.mjs';
import { readOptions } from './options.js';
import { defaultSocketDir, ingress, postgres, redis } from './platform.js';
import { logToStderr, seconds, step, type Log } from './progress.mjs';
import { ensureSwarm } from './swarm.js';

const USAGE = `Installs and starts whatever Nexos needs and this machine lacks: Docker Engine, Swarm, images, Postgres, Redis, HAProxy and
secrets. Safe to interrupt and repeat. npm start, dev, test, demo, bench, api-key and reseal run it first.

  npm run setup
`;

export interface SetupOptions {
  readonly log?: Log;
  /** Where this clone keeps its data. */
  readonly home?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** The folder of HAProxy's configuration. */
  readonly configDir?: string;
  /** Whether HAProxy stays as it is if it runs: for commands that are given no variables for it. */
  readonly keepsIngress?: boolean;
  /** Whether builds have an engine of their own; they stay as they are by default. */
  readonly builds?: 'isolated' | 'shared';
}

export interface LocalSystem {
  readonly instance: string;
  readonly home: string;
  /** The configuration of the apps; it contains secrets. */
  readonly env: Record<string, string>;
  /** Further variables of the builder alone. */
  readonly builderEnv: Record<string, string>;
  /** The name of each image on the engine. */
  readonly images: Record<ImageName, string>;
}

/**
 * Installs and starts what Nexos needs and this machine lacks. Safe to kill at any point and repeat.
 *
 * @throws SetupError with a message that says what to do
 */
export async function setup(options: SetupOptions = {}): Promise<LocalSystem> {
  const { log = logToStderr, environment = process.env, configDir, keepsIngress = false } = options;
  mkdirSync(options.home ?? defaultHome, { recursive: true });
  const home = realpathSync(options.home ?? defaultHome);
  return await withLock(join(home, 'setup.lock'), { log }, async (lock) => {
    const context: Context = { home, log, environment, lock };
    const engine = await ensureEngine(context);
    await ensureProgram('git', context);
    await ensureSwarm(engine, context);
    const clones = await listClones(engine.docker);
    const instance = ensureInstance(home, clones, log);
    await removeOrphans(engine.docker, clones, instance, log);
    const images = await ensureImages(engine, context);
    const owner = { docker: engine.docker, home, instance, log };
    const socketDir = environment.INGRESS_SOCKET_DIR || defaultSocketDir(home, instance);
    const haproxy = ingress(owner, {
      image: images.haproxy,
      socketDir,
      variables: await ingressVariables(environment),
      isKept: keepsIngress,
      ...(configDir ? { configDir } : {}),
    });
    const postgresServer = environment.DATABASE_URL ? undefined : await postgres(owner, images.postgres);
    const redisServer = environment.REDIS_URL ? undefined : redis(owner, images.redis);
    const specs = [postgresServer, redisServer, haproxy].filter((spec) => spec !== undefined);
    const ports = await step(log, 'Starting Postgres, Redis and HAProxy', () =>
      ensureContainers(owner, specs),
    );
    const builds = await ensureBuilds(owner, context, {
      builds: options.builds,
      images: [images.debian, images.node, images.postgres],
      base: images.debian.name,
    });
    const urlOf = (server: typeof redisServer) => server?.url(ports.get(server.name) ?? 0) ?? '';
    mkdirSync(join(home, 'mirrors'), { recursive: true, mode: 0o700 });
    const names = Object.fromEntries(Object.entries(images).map(([key, { name }]) => [key, name]));
    const env = {
      DATABASE_URL: urlOf(postgresServer),
      REDIS_URL: urlOf(redisServer),
      DOCKER_HOST: engine.host,
      NEXOS_INSTANCE: instance,
      BASE_DOMAIN: 'localhost',
      PUBLIC_SCHEME: 'http',
      PUBLIC_PORT: String(ports.get(haproxy.name)),
      INGRESS_SOCKET_DIR: socketDir,
      HAPROXY_IMAGE: images.haproxy.name,
      SERVICE_POSTGRES_IMAGE: images.postgres.name,
      SERVICE_POSTGRES_IMAGES: versionsOf(images.postgres),
      SERVICE_REDIS_IMAGE: images.redis.name,
      SERVICE_REDIS_IMAGES: versionsOf(images.redis),
      SERVICE_S3_IMAGE: images.s3.name,
      MIRROR_DIR: join(home, 'mirrors'),
      ENCRYPTION_KEY: secret(home, 'ENCRYPTION_KEY', 'base64'),
      GITHUB_WEBHOOK_SECRET: secret(home, 'GITHUB_WEBHOOK_SECRET', 'hex'),
      ...builds.env,
    };
    const given = Object.entries(env).map(([name, value]) => [name, environment[name] || value]);
    return {
      instance,
      home,
      images: names as LocalSystem['images'],
      env: Object.fromEntries(given) as typeof env,
      builderEnv: { ...builds.builder },
    };
  });
}

/** Returns the version to offer: the tag of a local image does not tell it. */
function versionsOf({ name, version }: Image): string {
  return version === undefined ? '' : `${version}=${name}`;
}

/** `npm run setup` */
export async function main(args: string[]): Promise<void> {
  readOptions(USAGE, args, {});
  const began = Date.now();
  await setup();
  logToStderr(`Setup is complete (${seconds(began)}).`);
}
