import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { ignoring, removeContainer } from './container.js';
import { LABELS } from './home.js';
import { SetupError, messageOf } from './setup-error.mjs';

const IN_USE_MS = 60_000;

/**
 * Removes from the engine everything with an instance's label, and nothing else. Safe to repeat.
 *
 * @param options `data`: whether to remove volumes and images too
 * @returns how many objects were removed
 */
export async function removeInstance(
  docker: Docker,
  instance: string,
  { data }: { data: boolean },
): Promise<number> {
  const filters = { label: [`${LABELS.instance}=${instance}`] };
  const containers = async (): Promise<number> => {
    const found = await docker.listContainers({ all: true, filters });
    await Promise.all(found.map(({ Id }) => removeContainer(docker, Id)));
    return found.length;
  };
  const services = await listServices(docker, filters);
  for (const { ID } of services) await ignoring(404, docker.getService(ID).remove());
  let removed = services.length + (await containers());
  for (const { Id } of await docker.listNetworks({ filters })) {
    await whenUnused(`Network ${Id}`, async () => {
      // A container whose creation was still under way would keep the network in use.
      await containers();
      await docker.getNetwork(Id).remove();
      // The engine lists a removed network until the last container has left it: removes it until it is unknown.
      await docker.getNetwork(Id).remove();
    });
    removed += 1;
  }
  if (!data) return removed;
  for (const { Name } of (await docker.listVolumes({ filters })).Volumes) {
    await whenUnused(`Volume ${Name}`, () => docker.getVolume(Name).remove());
    removed += 1;
  }
  for (const { Id } of await docker.listImages({ filters })) {
    await whenUnused(`Image ${Id}`, () => docker.getImage(Id).remove({ force: true }));
    removed += 1;
  }
  return removed;
}

async function listServices(docker: Docker, filters: { label: string[] }): Promise<Docker.Service[]> {
  try {
    return await docker.listServices({ filters });
  } catch (error) {
    // 503: the engine is not in a Swarm, so it has no services.
    if ((error as { statusCode?: number }).statusCode === 503) return [];
    throw error;
  }
}

/** Retries while the engine refuses, because the tasks of a removed service need a few seconds to leave a network. */
async function whenUnused(what: string, remove: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + IN_USE_MS;
  for (;;) {
    try {
      await ignoring(404, remove());
      return;
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === undefined) throw error;
      if (Date.now() > deadline) throw new SetupError(`${what} is still in use: ${messageOf(error)}`);
      await delay(250);
    }
  }
}
