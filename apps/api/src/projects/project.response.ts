import { type ProjectEntity } from '@nexos/database';
import { type ProjectSettings, projectSettings } from '@nexos/settings';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';
import { settingType } from './setting-type.js';
import { settingsClass } from './settings-class.js';

const STATUSES = ['active', 'deleting'] as const;

/** The settings of a project in a response. */
const SettingsResponse = settingsClass<ProjectSettings>('Response', {
  setting: (setting) => ApiProperty({ ...settingType(setting), description: setting.description }),
  section: (type) => ApiProperty({ type }),
});

/** A project in a response. */
export class ProjectResponse extends SettingsResponse {
  @IdProperty('project')
  id!: string;

  @ApiProperty({ example: 'my-app' })
  name!: string;

  @ApiProperty({
    description: 'Part of the host names of its environments; never changes.',
    example: 'my-app',
  })
  slug!: string;

  @ApiProperty({ enum: STATUSES, description: '`deleting` while its environments are being destroyed.' })
  status!: (typeof STATUSES)[number];

  @ApiProperty({ example: 'octocat/my-app' })
  github_repo!: string;

  @TimeProperty()
  created_at!: string;

  @TimeProperty()
  updated_at!: string;
}

export function toProjectResponse(project: ProjectEntity): ProjectResponse {
  return {
    id: project.id,
    name: project.name,
    slug: project.slug,
    status: project.status === 'active' ? 'active' : 'deleting',
    github_repo: project.githubRepo,
    ...projectSettings(project),
    created_at: project.createdAt.toISOString(),
    updated_at: project.updatedAt.toISOString(),
  };
}
