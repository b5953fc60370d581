import type { InstallationView } from '@nexos/state';
import { ApiProperty } from '../http/openapi/api-property.js';

const STATUSES = ['active', 'suspended', 'removed'] as const;
const SELECTIONS = ['all', 'selected'] as const;

/** An installation of the GitHub App in a response. */
export class InstallationResponse {
  @ApiProperty({ type: 'integer', description: "GitHub's id of the installation.", example: 5_823_411 })
  id!: number;

  @ApiProperty({ description: 'The user or organization that it belongs to.', example: 'acme' })
  owner!: string;

  @ApiProperty({ description: '`User` or `Organization`.', example: 'Organization' })
  owner_type!: string;

  @ApiProperty({ enum: STATUSES, description: 'Only an `active` one gives access to repositories.' })
  status!: InstallationView['status'];

  @ApiProperty({
    enum: SELECTIONS,
    description: 'Whether it gives access to all repositories of the owner, or to selected ones.',
  })
  repository_selection!: InstallationView['repositorySelection'];

  @ApiProperty({
    description: 'The page on GitHub where its repositories are selected.',
    example: 'https://github.com/organizations/acme/settings/installations/5823411',
  })
  configure_url!: string;
}

/** @param githubUrl the address of the Git host */
export function toInstallationResponse(
  { id, ownerLogin, ownerType, status, repositorySelection }: InstallationView,
  githubUrl: string,
): InstallationResponse {
  const owner = ownerType === 'Organization' ? `organizations/${encodeURIComponent(ownerLogin)}/` : '';
  return {
    id: Number(id),
    owner: ownerLogin,
    owner_type: ownerType,
    status,
    repository_selection: repositorySelection,
    configure_url: `${githubUrl.replace(/\/+$/, '')}/${owner}settings/installations/${id}`,
  };
}
