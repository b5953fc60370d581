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

/** A repository that was chosen for a project. */
export interface ChosenRepository {
  readonly columns: RepositoryColumns;
  /** As GitHub has just described it; null if it was not asked. */
  readonly confirmed: ConnectedRepository | null;
}

/** The project keeps its repository. */
export const UNCHANGED: ChosenRepository = { columns: {}, confirmed: null };

/** Returns a repository whose name nobody has checked. The next delivery tells the id. */
export function named(name: string): ChosenRepository {
  const columns = {
    githubRepo: name,
    repositoryKey: name.toLowerCase(),
    repositoryId: null,
    accessCheckedAt: null,
    predatesAccessChecks: false,
  };
  return { columns, confirmed: null };
}

/** Returns a repository that GitHub has just confirmed. */
export function connected(confirmed: ConnectedRepository): ChosenRepository {
  const { id, name, installationId } = confirmed;
  const columns = {
    githubRepo: name,
    repositoryKey: name.toLowerCase(),
    repositoryId: id,
    installationId,
    accessCheckedAt: new Date(),
    predatesAccessChecks: false,
  };
  return { columns, confirmed };
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
