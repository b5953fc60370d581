import { type Cause, newId } from '@nexos/domain';
import { EnvironmentEntity, type ProjectEntity, type Transaction } from '@nexos/database';
import { recordEvent } from '../../events/record-event.js';
import { allocateHostname } from '../allocate-hostname.js';

/** Creates the environment of a branch with its own host name; returns its id. */
export async function createEnvironment(
  transaction: Transaction,
  project: ProjectEntity,
  branch: string,
  baseDomain: string,
  cause: Cause,
): Promise<string> {
  const id = newId('environment');
  const hostname = await allocateHostname(transaction.manager, { id, branch }, project, baseDomain);
  await transaction.manager.insert(EnvironmentEntity, {
    id,
    projectId: project.id,
    branch,
    hostname,
    status: 'pending',
    desiredState: 'running',
    generation: '0',
  });
  const data = { from: null, to: 'pending' } as const;
  await recordEvent(transaction, { of: 'environment', subjectId: id, type: 'status', data, cause });
  return id;
}
