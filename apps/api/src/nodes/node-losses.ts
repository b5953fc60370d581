import type { NodeLosses } from '@nexos/state';
import { ApiError, type ProblemSubject } from '../http/problems/api-error.js';

/** How many names a sentence lists. */
const MAX_NAMES = 5;

/** Lists what is lost with a node as resources. */
export function subjectsOf({ projects, environments }: NodeLosses): ProblemSubject[] {
  return [
    ...projects.map(({ id, name }) => ({ type: 'project' as const, id, name })),
    ...environments.map(({ id, branch, project }) => ({
      type: 'environment' as const,
      id,
      name: `${branch} of ${project}`,
    })),
  ];
}

/** Returns the error that refuses to remove a node with which something would be lost. */
export function refuseLosses(losses: NodeLosses): ApiError {
  const { projects, projectCount, environments, environmentCount } = losses;
  const parts = [
    projectCount > 0 &&
      `the data of the services of ${listOf(
        projects.map(({ name }) => name),
        projectCount,
      )}`,
    environmentCount > 0 &&
      `the only images of ${listOf(
        environments.map(({ branch, project }) => `${branch} of ${project}`),
        environmentCount,
      )}`,
  ].filter((part) => part !== false);
  const remedies = [
    projectCount > 0 && 'Destroy the environments of those projects.',
    environmentCount > 0 &&
      'Deploy those environments again, so that another node has their images, or destroy them.',
  ].filter((remedy) => remedy !== false);
  return new ApiError(
    'conflict',
    `This node has ${parts.join(', and ')}, and Nexos cannot move them. ${remedies.join(' ')} Or repeat the request with ?force=true to lose them.`,
    [],
    subjectsOf(losses),
  );
}

function listOf(names: readonly string[], count: number): string {
  const listed = names.slice(0, MAX_NAMES).join(', ');
  const more = count - Math.min(names.length, MAX_NAMES);
  return more > 0 ? `${listed} and ${more} more` : listed;
}
