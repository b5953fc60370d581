import type { ProjectEntity } from '@nexos/database';
import type { Principal } from '../auth/principal.js';
import { ApiError } from '../http/problems/api-error.js';

/**
 * Refuses another repository to a key that is limited to projects. With one, it could build and read any repository that
 * the account may use, not only those of its projects.
 *
 * @throws {ApiError} forbidden
 */
export function assertKeepsRepository(
  { projectIds }: Principal,
  { repositoryKey }: Pick<ProjectEntity, 'repositoryKey'>,
  name: string,
): void {
  if (projectIds === undefined || name.toLowerCase() === repositoryKey) return;
  throw new ApiError(
    'forbidden',
    'This API key is limited to projects, so it cannot change github_repo. Use a key without project_ids.',
  );
}
