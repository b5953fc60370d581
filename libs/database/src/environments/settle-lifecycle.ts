import { affected } from '../affected.js';
import type { Transaction } from '../unit-of-work.js';

/** An environment that a worker holds the lease of. */
interface Held {
  readonly environmentId: string;
  readonly epoch: string;
}

/** Records that an environment is paused, if that is still wanted; the caller takes its route away with it. */
export async function recordPaused({ manager }: Transaction, held: Held): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE environments SET status = 'paused'
       WHERE id = $1 AND lease_epoch = $2 AND status IN ('running', 'paused') AND desired_state = 'paused'`,
      [held.environmentId, held.epoch],
    ),
  );
}

/** Records that an environment runs again, if that is still wanted; the caller sets its route with it. */
export async function recordResumed({ manager }: Transaction, held: Held): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE environments SET status = 'running'
       WHERE id = $1 AND lease_epoch = $2 AND status = 'paused' AND desired_state = 'running'`,
      [held.environmentId, held.epoch],
    ),
  );
}

/** Records which database generation has been brought about. */
export async function recordReset(
  { manager }: Transaction,
  held: Held & { readonly databaseGeneration: number },
): Promise<boolean> {
  return affected(
    await manager.query(
      `UPDATE environments SET observed_database_generation = $3
       WHERE id = $1 AND lease_epoch = $2 AND observed_database_generation < $3`,
      [held.environmentId, held.epoch, held.databaseGeneration],
    ),
  );
}
