import { findEngine } from '../../docker/local/engine.js';
import { eventually } from '../support/eventually.js';

/** Waits until a single version of an environment is left on the engine: the other one has been drained and removed. */
export async function oldVersionGone(environmentId: string): Promise<void> {
  const found = await findEngine();
  if (found === undefined) throw new Error('Docker Engine does not answer any more.');
  const filters = { label: [`dev.nexos.environment=${environmentId}`] };
  await eventually('the old version to be removed', async () => {
    const services = await found.docker.listServices({ filters });
    return services.length === 1 ? true : undefined;
  });
}
