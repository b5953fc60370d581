import { type ProjectEntity } from '@nexos/database';
import { PAUSE_REASONS, pauseMessage, type PauseReason } from '@nexos/domain';
import { type ProjectSettings, projectSettings } from '@nexos/settings';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';
import { settingType } from './setting-type.js';
import { settingsClass } from './settings-class.js';
import type { WebhookUrls } from './webhook-urls.js';

const STATUSES = ['active', 'deleting'] as const;

/** The settings of a project in a response. */
const SettingsResponse = settingsClass<ProjectSettings>('Response', {
  setting: (setting) => ApiProperty({ ...settingType(setting), description: setting.description }),
  section: (type) => ApiProperty({ type }),
});

/** Why nothing is deployed to a project. */
class DeploysPausedResponse {
  @ApiProperty({ enum: PAUSE_REASONS, example: 'installation_suspended' })
  reason!: PauseReason;

  @TimeProperty()
  since!: string;

  @ApiProperty({ description: 'What happened and what to do, for people.' })
  message!: string;
}

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

  @ApiProperty({
    description:
      "Where the project's own webhook sends deliveries to (`POST /projects/{id}/webhook-secret`).",
    example: 'https://api.example.com/api/webhooks/github/proj_01kb2c7x9q4m8r5t6v3w0y1z2a',
  })
  webhook_url!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'How to set up that webhook; null if the webhook of the GitHub App serves all projects.',
    example: null,
  })
  webhook_instructions!: string | null;

  @ApiProperty({
    type: DeploysPausedResponse,
    nullable: true,
    description:
      'Why pushes and requests deploy nothing; null if they do. Environments keep running. Ends by itself once the reason does, and missed pushes are then deployed.',
    example: null,
  })
  deploys_paused!: DeploysPausedResponse | null;

  @TimeProperty()
  created_at!: string;

  @TimeProperty()
  updated_at!: string;
}

export function toProjectResponse(project: ProjectEntity, urls: WebhookUrls): ProjectResponse {
  return {
    id: project.id,
    name: project.name,
    slug: project.slug,
    status: project.status === 'active' ? 'active' : 'deleting',
    github_repo: project.githubRepo,
    webhook_url: urls.ofProject(project.id),
    webhook_instructions: urls.instructionsFor(project.id, project.githubRepo),
    ...projectSettings(project),
    deploys_paused: pausedOf(project),
    created_at: project.createdAt.toISOString(),
    updated_at: project.updatedAt.toISOString(),
  };
}

function pausedOf({ pausedReason, pausedAt, githubRepo }: ProjectEntity): DeploysPausedResponse | null {
  if (pausedReason === null || pausedAt === null) return null;
  return {
    reason: pausedReason,
    since: pausedAt.toISOString(),
    message: pauseMessage(pausedReason, githubRepo),
  };
}
