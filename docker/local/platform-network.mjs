// @ts-check
import { EngineError } from './engine-api.mjs';
import { baseLabels } from './platform-container.mjs';

/**
 * Makes a bridge network of this clone be there. A network of its own keeps builds and environments away from
 * the container in it, and gives it Docker's name server.
 *
 * @param {import('./platform-container.mjs').Platform} platform
 * @param {string} name
 */
export async function ensureNetwork({ engine, home, instance }, name) {
  /** @type {{ Name: string }[]} */
  const found = await engine.request('GET', '/networks', { query: { filters: { name: [`^${name}$`] } } });
  if (found.some((network) => network.Name === name)) return;
  try {
    await engine.request('POST', '/networks/create', {
      body: { Name: name, CheckDuplicate: true, Driver: 'bridge', Labels: baseLabels(home, instance) },
    });
  } catch (error) {
    // Made by somebody else since we looked.
    if (!(error instanceof EngineError && error.status === 409)) throw error;
  }
}
