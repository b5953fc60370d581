import { type Cause } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { destroyEnvironment } from '../environments/transitions/destroy.js';

/** Destroys the environments of pull requests of forks: their numbers mean something else in another repository. */
export async function destroyForks(transaction: Transaction, projectId: string, cause: Cause): Promise<void> {
  const rows = await transaction.manager.query<{ id: string }[]>(
    `SELECT id FROM environments
     WHERE project_id = $1 AND branch LIKE 'pull:%' AND status NOT IN ('destroying', 'destroyed') ORDER BY id FOR UPDATE`,
    [projectId],
  );
  for (const { id } of rows) await destroyEnvironment(transaction, id, cause);
}
