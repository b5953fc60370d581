import type { ProjectEntity } from '@nexos/database';

type Reported = Pick<
  ProjectEntity,
  'installationId' | 'githubChecks' | 'githubDeployments' | 'githubComments' | 'githubRepo'
>;

/** Returns why GitHub is told nothing of a project, and what to do; null if nothing prevents it. */
export function reportObstacle(project: Reported, hasApp: boolean): string | null {
  if (!hasApp) return 'This installation of Nexos has no GitHub App. Only its operator can add one.';
  const { githubChecks, githubDeployments, githubComments } = project;
  if (!githubChecks && !githubDeployments && !githubComments) {
    return 'The project turned off checks, deployments and comments. Turn them on with PATCH /api/projects/:id.';
  }
  if (project.installationId === null) {
    return `No webhook of the GitHub App has come from ${project.githubRepo} yet. Install the App on the repository, then push.`;
  }
  return null;
}
