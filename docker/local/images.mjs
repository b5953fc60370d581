// @ts-check
import { EngineError, followJson } from './engine-api.mjs';
import { step } from './progress.mjs';
import { SetupError, codeOf, messageOf } from './setup-error.mjs';
import { buildStandIn, isCurrent } from './stand-in.mjs';

/** @typedef {'debian' | 'postgres' | 'redis' | 's3' | 'haproxy' | 'node'} ImageName */
/** @typedef {Record<ImageName, string>} Images the name that each image has on the engine */
/** @typedef {{ Id: string, RepoTags: string[] | null, Labels: Record<string, string> | null }} ImageSummary */
/** @typedef {import('./docker-engine.mjs').Context & { engine: import('./engine-api.mjs').EngineApi }} EngineContext */

const FIRST_WORD_MS = 8_000;
const SILENCE_MS = 60_000;

/** @type {Record<ImageName, { from: string, local: string, variable: string }>} */
const SOURCES = {
  debian: { from: 'debian:bookworm-slim', local: 'nexos-local/debian:bookworm', variable: 'DEBIAN_IMAGE' },
  postgres: {
    from: 'postgres:17-bookworm',
    local: 'nexos-local/postgres:latest',
    variable: 'POSTGRES_IMAGE',
  },
  redis: { from: 'redis:7-bookworm', local: 'nexos-local/redis:latest', variable: 'REDIS_IMAGE' },
  s3: { from: 'versity/versitygw:v1.8.0', local: 'nexos-local/s3:latest', variable: 'S3_IMAGE' },
  haproxy: { from: 'haproxy:2.8-bookworm', local: 'nexos-local/haproxy:latest', variable: 'HAPROXY_IMAGE' },
  node: { from: 'node:22-bookworm-slim', local: 'nexos-local/node:latest', variable: 'NODE_IMAGE' },
};
const NAMES = /** @type {ImageName[]} */ (Object.keys(SOURCES));

/**
 * Makes every image be there: pulled where a registry answers, and else a stand-in built from Debian's packages.
 * An image that an environment variable names is pulled or used as it is, and never stood in for.
 *
 * @param {EngineContext} context
 * @returns {Promise<Images>}
 */
export async function ensureImages(context) {
  /** @type {ImageSummary[]} */
  const present = await context.engine.request('GET', '/images/json');
  /** @type {ImageName[]} */
  const toStandIn = [];
  let registryAnswers = true;
  const images = /** @type {Images} */ ({});
  for (const name of NAMES) {
    const { from, local, variable } = SOURCES[name];
    const chosen = context.environment[variable];
    images[name] = chosen || local;
    const found = present.find((image) => image.RepoTags?.includes(withTag(images[name])));
    if (found !== undefined) {
      if (!chosen && !isCurrent(name, found)) toStandIn.push(name);
      continue;
    }
    if (chosen) {
      await pullChosen(context, chosen, variable);
      continue;
    }
    if (registryAnswers) {
      try {
        await step(context.log, `Pulling ${from}`, () => pull(context.engine, from));
        await tag(context.engine, from, local);
        continue;
      } catch (error) {
        // An answer such as "no such image" or "too many requests" is the registry's; anything else is its absence.
        registryAnswers = error instanceof EngineError && error.status !== 500;
        context.log(
          `${from} cannot be pulled (${messageOf(error)}). Building a stand-in from Debian's packages.`,
        );
      }
    }
    toStandIn.push(name);
  }
  await buildAll(context, toStandIn);
  return images;
}

/**
 * @param {EngineContext} context
 * @param {ImageName[]} names
 */
async function buildAll(context, names) {
  if (names.length === 0) return;
  const base = SOURCES.debian.local;
  // Every other stand-in begins with this one, also when Debian itself is named by a variable.
  const basePresent = !names.includes('debian') && (await exists(context.engine, base));
  if (!basePresent) await buildStandIn(context, 'debian', base, base);
  const others = names.filter((name) => name !== 'debian');
  const outcomes = await Promise.allSettled(
    others.map((name) => buildStandIn(context, name, SOURCES[name].local, base)),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/**
 * @param {EngineContext} context
 * @param {string} image
 * @param {string} variable
 */
async function pullChosen({ engine, log }, image, variable) {
  try {
    if (await exists(engine, image)) return;
    await step(log, `Pulling ${image}`, () => pull(engine, image));
  } catch (error) {
    throw new SetupError(
      `${variable} names ${image}, which is not on this engine and cannot be pulled: ${messageOf(error)}`,
    );
  }
}

/**
 * Pulls an image; gives up when the registry says nothing at first, or falls silent for a minute.
 *
 * @param {import('./engine-api.mjs').EngineApi} engine
 * @param {string} image
 */
async function pull(engine, image) {
  const abort = new AbortController();
  const giveUp = () => abort.abort();
  let timer = setTimeout(giveUp, FIRST_WORD_MS);
  try {
    const response = await engine.stream('POST', '/images/create', {
      query: { fromImage: withTag(image) },
      signal: abort.signal,
    });
    await followJson(response, () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
    });
  } catch (error) {
    if (abort.signal.aborted || codeOf(error) === 'ABORT_ERR')
      throw new Error('the registry does not answer');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {import('./engine-api.mjs').EngineApi} engine
 * @param {string} from
 * @param {string} to
 */
async function tag(engine, from, to) {
  const [repo, version] = to.split(':');
  await engine.request('POST', `/images/${from}/tag`, { query: { repo, tag: version } });
}

/**
 * @param {import('./engine-api.mjs').EngineApi} engine
 * @param {string} image
 */
async function exists(engine, image) {
  try {
    await engine.request('GET', `/images/${image}/json`);
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return false;
    throw error;
  }
}

/**
 * The engine pulls every tag of a name that has none.
 *
 * @param {string} image
 */
function withTag(image) {
  return image.includes('@') || /:[^/]*$/.test(image) ? image : `${image}:latest`;
}
