import type { ReadingProject } from '@nexos/github';

/** Returns a project that a repository is read for, by default one that GitHub confirmed to its account. */
export function readingProject(
  githubRepo: string,
  installationId?: number,
  { isConfirmed = true } = {},
): ReadingProject {
  return {
    githubRepo,
    installationId: installationId === undefined ? null : String(installationId),
    accessCheckedAt: isConfirmed ? new Date() : null,
    predatesAccessChecks: false,
  };
}
