// @ts-check
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isMain } from './is-main.mjs';
import { ensureEngine, ensureGit } from './docker-engine.mjs';
import { defaultHome, root, secret } from './home.mjs';
import { ensureImages } from './images.mjs';
import { defaultSocketDir, ensureIngress, ingressConfigFolder } from './ingress.mjs';
import { ownInstance, readClaims, removeOrphans } from './instances.mjs';
import { ensureNodeModules } from './node-modules.mjs';
import { ensureNetwork } from './platform-network.mjs';
import { ensurePostgres } from './postgres.mjs';
import { endLeftovers } from './process-records.mjs';
import { logToStderr, seconds, step } from './progress.mjs';
import { ensureRedis } from './redis.mjs';
import { withLock } from './set-up-lock.mjs';
import { exitWith } from './setup-error.mjs';
import { ensureSwarm } from './swarm.mjs';

/** @typedef {import('./platform-container.mjs').Platform} Platform */
/** @typedef {import('./images.mjs').Images} Images */
/**
 * @typedef {object} SetupOptions
 * @property {(line: string) => void} [log]
 * @property {string} [home] where this clone keeps its data
 * @property {NodeJS.ProcessEnv} [environment]
 * @property {string} [configDir] HAProxy's configuration
 */
/**
 * @typedef {object} LocalSystem
 * @property {string} instance
 * @property {string} home
 * @property {Record<string, string>} env what the apps need to be told; secrets are in it
 * @property {Images} images
 */

/**
 * Makes all that Nexos needs on this machine be there: packages, engine, Swarm, images, Postgres, Redis, HAProxy
 * and secrets. Does only what is missing, and may be cut off and started again at any point.
 *
 * @param {SetupOptions} [options]
 * @returns {Promise<LocalSystem>}
 * @throws {import('./setup-error.mjs').SetupError} with a sentence that says what to do
 */
export async function setup(options = {}) {
  const { log = logToStderr, environment = process.env, configDir = ingressConfigFolder } = options;
  mkdirSync(options.home ?? defaultHome, { recursive: true });
  const home = realpathSync(options.home ?? defaultHome);
  return await withLock(home, 'setup', log, async () => {
    const context = { root, home, environment, log };
    await endLeftovers(home, log);
    await ensureNodeModules(context);
    const found = await ensureEngine(context);
    await ensureGit(context);
    await ensureSwarm(found, context);
    const { engine } = found;
    const claims = await readClaims(engine);
    const instance = ownInstance(home, claims, log);
    await removeOrphans(engine, claims, instance, log);
    const images = await ensureImages({ ...context, engine });
    const services = await startServices({ engine, home, instance, log }, images, environment, configDir);
    mkdirSync(join(home, 'mirrors'), { recursive: true, mode: 0o700 });
    return {
      instance,
      home,
      images,
      env: settings({ home, instance, engine, environment, images, services }),
    };
  });
}

/**
 * @param {Platform} platform
 * @param {Images} images
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} configDir
 */
async function startServices(platform, images, environment, configDir) {
  const { engine, instance, home, log } = platform;
  const network = `nexos-${instance}-stores`;
  const stores = !environment['DATABASE_URL'] || !environment['REDIS_URL'];
  if (stores) await ensureNetwork(platform, network);
  const socketDir = environment['INGRESS_SOCKET_DIR'] || defaultSocketDir(home, instance);
  const inspect = (/** @type {string} */ image) => engine.request('GET', `/images/${image}/json`);
  return await step(log, 'Starting Postgres, Redis and HAProxy', async () => {
    const [databaseUrl, redisUrl, ingress] = await allOrFirstError([
      environment['DATABASE_URL'] ||
        inspect(images.postgres).then(({ Id, Config }) =>
          ensurePostgres(platform, {
            image: images.postgres,
            imageId: Id,
            major: postgresMajor(Config.Env),
            network,
          }),
        ),
      environment['REDIS_URL'] ||
        inspect(images.redis).then(({ Id }) =>
          ensureRedis(platform, { image: images.redis, imageId: Id, network }),
        ),
      ensureIngress({ ...platform, image: images.haproxy, socketDir, configDir }),
    ]);
    return { databaseUrl, redisUrl, ingress, socketDir };
  });
}

/**
 * As Promise.all, but nothing is still at work when it throws: set-up gives up its lock then.
 *
 * @template {readonly unknown[]} T
 * @param {T} work
 * @returns {Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>}
 */
async function allOrFirstError(work) {
  await Promise.allSettled(work);
  return await Promise.all(work);
}

/** @param {string[] | null} variables of an image; the public image names its version in one */
function postgresMajor(variables) {
  return variables?.find((variable) => variable.startsWith('PG_MAJOR='))?.slice('PG_MAJOR='.length);
}

/**
 * The configuration of the apps; what the environment says already wins.
 *
 * @param {object} parts
 * @param {string} parts.home
 * @param {string} parts.instance
 * @param {import('./engine-api.mjs').EngineApi} parts.engine
 * @param {NodeJS.ProcessEnv} parts.environment
 * @param {Images} parts.images
 * @param {Awaited<ReturnType<typeof startServices>>} parts.services
 */
function settings({ home, instance, engine, environment, images, services }) {
  /** @type {Record<string, string>} */
  const env = {
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    DOCKER_HOST: engine.dockerHost,
    NEXOS_INSTANCE: instance,
    BASE_DOMAIN: 'localhost',
    PUBLIC_SCHEME: 'http',
    PUBLIC_PORT: String(services.ingress.httpPort),
    INGRESS_CONTAINER: services.ingress.container,
    INGRESS_SOCKET_DIR: services.socketDir,
    SERVICE_POSTGRES_IMAGE: images.postgres,
    SERVICE_REDIS_IMAGE: images.redis,
    SERVICE_S3_IMAGE: images.s3,
    MIRROR_DIR: join(home, 'mirrors'),
    ENCRYPTION_KEY: secret(home, 'ENCRYPTION_KEY', 'base64'),
    GITHUB_WEBHOOK_SECRET: secret(home, 'GITHUB_WEBHOOK_SECRET', 'hex'),
  };
  for (const name of Object.keys(env)) {
    const given = environment[name];
    if (given) env[name] = given;
  }
  return env;
}

if (isMain(import.meta.url)) {
  const began = Date.now();
  setup().then(() => logToStderr(`Set-up is complete (${seconds(began)}).`), exitWith);
}
