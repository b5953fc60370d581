import type Docker from 'dockerode';
import { LABELS, createInstance, machineId, readInstance } from './home.js';
import { step, type Log } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

/** A clone on this machine, or a deleted one, that has containers or networks on the engine. */
export interface Clone {
  readonly home: string;
  readonly instance: string;
}

/**
 * Returns this clone's id, creating one if necessary. A folder that was copied with its `.nexos` gets a new id, because
 * the original still uses the copied one.
 */
export function ensureInstance(home: string, clones: readonly Clone[], log: Log): string {
  const instance = readInstance(home);
  const original = clones.find(
    (clone) => clone.instance === instance && clone.home !== home && exists(clone),
  );
  if (instance !== undefined && original === undefined) return instance;
  if (original !== undefined) log(`${home} is a copy of ${original.home}. Giving the copy a new id.`);
  return createInstance(home);
}

/**
 * Lists this machine's clones that have containers or networks on the engine. Other machines may share the engine, but
 * their paths mean nothing here.
 */
export async function listClones(docker: Docker): Promise<Clone[]> {
  const filters = { label: [`${LABELS.machine}=${machineId()}`, LABELS.home] };
  const [containers, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
  ]);
  return [...containers, ...networks].map(({ Labels: labels }) => ({
    home: labels?.[LABELS.home] ?? '',
    instance: labels?.[LABELS.instance] ?? '',
  }));
}

/** Removes from the engine what belongs to deleted clones. */
export async function removeOrphans(
  docker: Docker,
  clones: readonly Clone[],
  ownId: string,
  log: Log,
): Promise<void> {
  const present = new Set([ownId, '', ...clones.filter(exists).map(({ instance }) => instance)]);
  const deleted = clones.filter(({ instance }) => !present.has(instance));
  for (const [instance, home] of new Map(deleted.map((clone) => [clone.instance, clone.home]))) {
    const { removeInstance } = await import('./remove-instance.js');
    try {
      const title = `Removing the containers and data of the deleted clone ${home}`;
      const count = await step(log, title, () => removeInstance(docker, instance, { data: true }));
      log(
        `Removed ${count} containers, services, networks, volumes and images of the deleted clone ${home}.`,
      );
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      // The object is harmless, and the engine may hold it until it restarts.
      log(
        `${error.message} The next setup tries to remove it again; if that fails too, restart Docker Engine.`,
      );
    }
  }
}

function exists({ home, instance }: Clone): boolean {
  return readInstance(home) === instance;
}
