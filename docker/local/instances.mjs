// @ts-check
import { createInstance, machineId, readInstance } from './home.mjs';
import { LABELS } from './labels.mjs';
import { step } from './progress.mjs';
import { removeInstance } from './remove-instance.mjs';
import { SetupError } from './setup-error.mjs';

/** @typedef {{ home: string, instance: string }} Claim a thing on the engine says: I belong to this clone */

/**
 * This clone's id. A folder that was copied together with its `.nexos` gets an id of its own, as the original
 * still uses the one that came with it.
 *
 * @param {string} home
 * @param {Claim[]} claims
 * @param {(line: string) => void} log
 */
export function ownInstance(home, claims, log) {
  const instance = readInstance(home);
  if (instance === undefined) return createInstance(home);
  const original = claims.find(
    (claim) => claim.instance === instance && claim.home !== home && isAlive(claim),
  );
  if (original === undefined) return instance;
  log(`${home} is a copy of ${original.home}; it gets an id of its own.`);
  return createInstance(home);
}

/**
 * What this machine's clones have on the engine. A path of another machine that uses the same engine says nothing
 * here, so its things are not looked at.
 *
 * @param {import('./engine-api.mjs').EngineApi} engine
 * @returns {Promise<Claim[]>}
 */
export async function readClaims(engine) {
  const query = { filters: { label: [`${LABELS.machine}=${machineId()}`, LABELS.home] } };
  const [containers, networks] = await Promise.all([
    engine.request('GET', '/containers/json', { query: { ...query, all: true } }),
    engine.request('GET', '/networks', { query }),
  ]);
  /** @type {{ Labels: Record<string, string> }[]} */
  const things = [...containers, ...networks];
  return things.map(({ Labels }) => ({
    home: Labels[LABELS.home] ?? '',
    instance: Labels[LABELS.instance] ?? '',
  }));
}

/**
 * Removes what clones that no longer exist have left on the engine.
 *
 * @param {import('./engine-api.mjs').EngineApi} engine
 * @param {Claim[]} claims
 * @param {string} ownId
 * @param {(line: string) => void} log
 */
export async function removeOrphans(engine, claims, ownId, log) {
  const alive = new Set([ownId, ...claims.filter(isAlive).map(({ instance }) => instance)]);
  const orphans = new Map(
    claims
      .filter(({ instance }) => instance !== '' && !alive.has(instance))
      .map((claim) => [claim.instance, claim]),
  );
  for (const { home, instance } of orphans.values()) {
    const title = `Removing what the deleted clone of ${home} left on the engine`;
    try {
      const count = await step(log, title, () => removeInstance(engine, instance, { data: true }));
      log(
        `Removed ${count} containers, services, networks, volumes and images of instance ${instance}: ${home} is gone.`,
      );
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      // It is in nobody's way, and the engine may hold it until it is started anew.
      log(`${error.message} It is left for the next time; should that not help, restart Docker Engine.`);
    }
  }
}

/** @param {Claim} claim */
function isAlive({ home, instance }) {
  return readInstance(home) === instance;
}
