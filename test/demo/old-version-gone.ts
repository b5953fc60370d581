import { findEngine } from '../../docker/local/engine.js';
import { eventually } from '../support/eventually.js';

/** Waits until the engine runs a single version of an environment, after the old one was drained and removed. */
export async function oldVersionGone(environmentId: string): Promise<void> {
  const found = await findEngine();
  if (found === undefined) throw new Error('Docker Engine no longer answers.');
  const filters = { label: [`dev.nexos.environment=${environmentId}`] };
  await eventually('the old version to be removed', async () => {
    const services = await found.docker.listServices({ filters });
    const versions = new Set(services.map(({ Spec }) => Spec?.Labels?.['dev.nexos.deployment']));
    return versions.size === 1 ? true : undefined;
  });
}
