import type { RepositoryCandidate, RepositoryUse } from '@nexos/state';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';

/** A project that uses a repository. */
export class RepositoryProjectResponse {
  @IdProperty('project')
  id!: string;

  @ApiProperty({ example: 'my-app' })
  name!: string;

  @ApiProperty({ example: 'my-app' })
  slug!: string;
}

/** A repository that the account can connect, in a response. */
export class RepositoryResponse {
  @ApiProperty({ type: 'integer', description: "GitHub's id of the repository.", example: 1_296_269 })
  id!: number;

  @ApiProperty({ description: 'The value for `github_repo` of a project.', example: 'octocat/my-app' })
  name!: string;

  @ApiProperty()
  private!: boolean;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null shortly after the repository was created or added.',
    example: 'main',
  })
  default_branch!: string | null;

  @ApiProperty({
    type: 'integer',
    description: 'The installation that gives access to it.',
    example: 5_823_411,
  })
  installation_id!: number;

  @ApiProperty({
    type: [RepositoryProjectResponse],
    description: 'The projects of the account that use it, oldest first.',
  })
  projects!: RepositoryProjectResponse[];
}

export function toRepositoryResponse(
  { id, name, isPrivate, defaultBranch, installationId }: RepositoryCandidate,
  uses: readonly RepositoryUse[],
): RepositoryResponse {
  return {
    id: Number(id),
    name,
    private: isPrivate,
    default_branch: defaultBranch,
    installation_id: Number(installationId),
    projects: uses
      .filter(({ repositoryId }) => repositoryId === id)
      .map((project) => ({ id: project.id, name: project.name, slug: project.slug })),
  };
}
