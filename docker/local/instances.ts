import type Docker from 'dockerode';
import { LABELS, createInstance, machineId, readInstance } from './home.js';
import { step, type Log } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

/** Something on the engine belongs to this clone. */
export interface Claim {
  readonly home: string;
  readonly instance: string;
}

/**
 * Returns this clone's id. A folder that was copied together with its `.nexos` gets a new one, because the original
 * still uses the copied id.
 */
export function ownInstance(home: string, claims: readonly Claim[], log: Log): string {
  const instance = readInstance(home);
  const original = claims.find(
    (claim) => claim.instance === instance && claim.home !== home && isAlive(claim),
  );
  if (instance !== undefined && original === undefined) return instance;
  if (original !== undefined) log(`${home} is a copy of ${original.home}; it gets an id of its own.`);
  return createInstance(home);
}

/**
 * Lists what this machine's clones have on the engine. Things from other machines that share the engine are left out:
 * their paths mean nothing here.
 */
export async function readClaims(docker: Docker): Promise<Claim[]> {
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

/** Removes what deleted clones have left on the engine. */
export async function removeOrphans(
  docker: Docker,
  claims: readonly Claim[],
  ownId: string,
  log: Log,
): Promise<void> {
  const alive = new Set([ownId, '', ...claims.filter(isAlive).map(({ instance }) => instance)]);
  const orphans = claims.filter(({ instance }) => !alive.has(instance));
  for (const [instance, home] of new Map(orphans.map((claim) => [claim.instance, claim.home]))) {
    const { removeInstance } = await import('./remove-instance.js');
    try {
      const title = `Removing what the deleted clone in ${home} left on the engine`;
      const count = await step(log, title, () => removeInstance(docker, instance, { data: true }));
      log(
        `Removed ${count} containers, services, networks, volumes and images of instance ${instance}: ${home} is gone.`,
      );
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      // It disturbs nobody, and the engine may hold it until its next restart.
      log(`${error.message} The next set-up tries again; if that does not help, restart Docker Engine.`);
    }
  }
}

function isAlive({ home, instance }: Claim): boolean {
  return readInstance(home) === instance;
}
