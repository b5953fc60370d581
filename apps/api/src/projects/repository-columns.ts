import type { ProjectEntity } from '@nexos/database';
import { isAccessConfirmed } from '@nexos/domain';
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

/**
 * Returns whether a project is given the name that it has, without anybody being asked, although GitHub confirmed its access
 * before, or the project predates that. It keeps the repository that this was about, and its access.
 */
export function keepsAccess(
  before: Pick<ProjectEntity, 'repositoryKey' | 'accessCheckedAt' | 'predatesAccessChecks'>,
  { columns, confirmed }: ChosenRepository,
): boolean {
  return confirmed === null && columns.repositoryKey === before.repositoryKey && isAccessConfirmed(before);
}

/** Returns the columns of the name alone, as it was written. */
export function nameOnly({ columns: { githubRepo, repositoryKey } }: ChosenRepository): RepositoryColumns {
  return {
    ...(githubRepo !== undefined && { githubRepo }),
    ...(repositoryKey !== undefined && { repositoryKey }),
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
