// @ts-check
import { EngineError } from './engine-api.mjs';
import { LABELS } from './labels.mjs';
import { removeContainer } from './platform-container.mjs';
import { SetupError, messageOf } from './setup-error.mjs';
import { waitUntil } from './wait-until.mjs';

/** @typedef {import('./engine-api.mjs').EngineApi} EngineApi */

const STOP_SECONDS = 30;
const NETWORK_MS = 60_000;

/**
 * Removes from the engine what carries the label of one instance, and nothing else. Safe to repeat.
 *
 * @param {EngineApi} engine
 * @param {string} instance
 * @param {{ data: boolean }} options whether volumes and images go too
 * @returns {Promise<number>} how many things were removed
 */
export async function removeInstance(engine, instance, { data }) {
  const query = { filters: { label: [`${LABELS.instance}=${instance}`] } };
  /** @type {{ ID: string }[]} */
  const services = await list(engine, '/services', query);
  for (const { ID } of services) await remove(engine, `/services/${ID}`);
  const containers = await removeContainers(engine, query);
  /** @type {{ Id: string }[]} */
  const networks = await list(engine, '/networks', query);
  for (const { Id } of networks) await removeNetwork(engine, Id, query);
  const removed = services.length + containers + networks.length;
  return data ? removed + (await removeData(engine, query)) : removed;
}

/**
 * @param {EngineApi} engine
 * @param {Record<string, unknown>} query
 */
async function removeData(engine, query) {
  /** @type {{ Name: string }[]} */
  const volumes = (await engine.request('GET', '/volumes', { query })).Volumes ?? [];
  for (const { Name } of volumes) {
    await whenUnused(`Volume ${Name}`, () => remove(engine, `/volumes/${Name}`));
  }
  /** @type {{ Id: string }[]} */
  const images = await list(engine, '/images/json', query);
  for (const { Id } of images) {
    await whenUnused(`Image ${Id}`, () => remove(engine, `/images/${Id}`, { force: true }));
  }
  return volumes.length + images.length;
}

/**
 * @param {EngineApi} engine
 * @param {string} path
 * @param {Record<string, unknown>} query
 */
async function list(engine, path, query) {
  try {
    return await engine.request('GET', path, { query });
  } catch (error) {
    // 503: the engine is in no Swarm, so that it has no services.
    if (error instanceof EngineError && error.status === 503) return [];
    throw error;
  }
}

/**
 * @param {EngineApi} engine
 * @param {Record<string, unknown>} query
 */
async function removeContainers(engine, query) {
  /** @type {{ Id: string }[]} */
  const containers = await list(engine, '/containers/json', { ...query, all: true });
  await Promise.all(containers.map(({ Id }) => removeContainer(engine, Id, STOP_SECONDS)));
  return containers.length;
}

/**
 * The tasks of a removed service take a few seconds to leave their network. A container that somebody was just
 * making when the others were removed would hold it for ever.
 *
 * @param {EngineApi} engine
 * @param {string} id
 * @param {Record<string, unknown>} query
 */
async function removeNetwork(engine, id, query) {
  await whenUnused(`Network ${id}`, async () => {
    await removeContainers(engine, query);
    await remove(engine, `/networks/${id}`);
  });
}

/**
 * @param {string} what
 * @param {() => Promise<void>} attempt
 */
async function whenUnused(what, attempt) {
  /** @type {unknown} */
  let last;
  const done = await waitUntil(
    async () => {
      try {
        await attempt();
        return true;
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        last = error;
        return undefined;
      }
    },
    { deadlineMs: NETWORK_MS, everyMs: 250 },
  );
  if (!done) throw new SetupError(`${what} is still in use: ${messageOf(last)}`);
}

/**
 * @param {EngineApi} engine
 * @param {string} path
 * @param {Record<string, unknown>} [query]
 */
async function remove(engine, path, query = {}) {
  try {
    await engine.request('DELETE', path, { query });
  } catch (error) {
    if (!(error instanceof EngineError && error.status === 404)) throw error;
  }
}
