import type { ProjectEntity } from '@nexos/database';
import type { ConnectedRepository } from '@nexos/github';

/** The columns of a project that say which repository it has. */
export type RepositoryColumns = Partial<
  Pick<
    ProjectEntity,
    | 'githubRepo'
    | 'repositoryKey'
    | 'repositoryId'
    | 'installationId'
    | 'accessCheckedAt'
    | 'predatesAccessChecks'
  >
>;

/** Returns the columns for a name that nobody has checked. The next delivery tells the id. */
export function namedColumns(name: string): RepositoryColumns {
  return {
    githubRepo: name,
    repositoryKey: name.toLowerCase(),
    repositoryId: null,
    accessCheckedAt: null,
    predatesAccessChecks: false,
  };
}

/** Returns the columns for a repository that GitHub has just confirmed. */
export function connectedColumns({ id, name, installationId }: ConnectedRepository): RepositoryColumns {
  return {
    githubRepo: name,
    repositoryKey: name.toLowerCase(),
    repositoryId: id,
    installationId,
    accessCheckedAt: new Date(),
    predatesAccessChecks: false,
  };
}

/** Returns whether columns give a project another repository, and not only another name of the same one. */
export function isMove(
  before: Pick<ProjectEntity, 'repositoryId' | 'repositoryKey'>,
  { repositoryId, repositoryKey }: RepositoryColumns,
): boolean {
  if (repositoryKey === undefined) return false;
  const areKnown = before.repositoryId !== null && typeof repositoryId === 'string';
  return areKnown ? before.repositoryId !== repositoryId : before.repositoryKey !== repositoryKey;
}
