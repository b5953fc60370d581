import type { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineNotFoundError, isForgottenNetwork } from '../client/engine-errors.js';
import { ownerLabels, type Owner } from '../client/engine-labels.js';
import type { Guard } from '../client/guard.js';

/** `in-use`: services or containers are still connected. */
export type NetworkRemoval = 'removed' | 'missing' | 'in-use';

interface NewOverlay<Found> {
  readonly name: string;
  readonly owner: Owner;
  /** Finds the network of that name. */
  readonly find: () => Promise<Found | null>;
}

/**
 * Creates an overlay network. Of several concurrent callers, Swarm lets one create it; the others find it.
 *
 * @returns its id, or the network that another caller created
 */
export async function createOverlay<Found>(
  client: EngineClient,
  guard: Guard,
  { name, owner, find }: NewOverlay<Found>,
): Promise<string | Found> {
  const options = {
    Name: name,
    Driver: 'overlay',
    Attachable: true,
    CheckDuplicate: true,
    Labels: ownerLabels(client.instance, owner),
  };
  try {
    return (await client.change(guard, (docker) => docker.createNetwork(options))).id;
  } catch (error) {
    const made = error instanceof EngineConflictError ? await find() : null;
    if (made === null) throw error;
    return made;
  }
}

export async function removeNetwork(client: EngineClient, guard: Guard, id: string): Promise<NetworkRemoval> {
  try {
    await client.change(guard, (docker) => docker.getNetwork(id).remove());
    return 'removed';
  } catch (error) {
    if (error instanceof EngineNotFoundError || isForgottenNetwork(error)) return 'missing';
    if (error instanceof EngineConflictError) return 'in-use';
    throw error;
  }
}
