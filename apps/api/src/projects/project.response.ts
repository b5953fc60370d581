import { type ProjectEntity } from '@nexos/database';
import { ApiProperty } from '@nestjs/swagger';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** Which branches a push deploys. */
export class BranchFilterResponse {
  @ApiProperty({ type: [String], description: 'None: all.', example: ['main', 'feature/*'] })
  include!: string[];

  @ApiProperty({ type: [String], example: ['dependabot/**'] })
  exclude!: string[];
}

const STATUSES = ['active', 'deleting'] as const;

/** Which services a project's environments share. */
export class ServicesResponse {
  @ApiProperty({ example: true })
  postgres!: boolean;

  @ApiProperty({ example: true })
  redis!: boolean;

  @ApiProperty({ example: false })
  s3!: boolean;
}

/** A project on the wire. */
export class ProjectResponse {
  @IdProperty('project')
  id!: string;

  @ApiProperty({ example: 'my-app' })
  name!: string;

  @ApiProperty({ description: 'Part of the environments’ host names; never changes.', example: 'my-app' })
  slug!: string;

  @ApiProperty({ enum: STATUSES, description: '`deleting` while its environments are being destroyed.' })
  status!: (typeof STATUSES)[number];

  @ApiProperty({ example: 'octocat/my-app' })
  github_repo!: string;

  @ApiProperty({ example: 'Dockerfile' })
  dockerfile!: string;

  @ApiProperty({ example: '.' })
  build_context!: string;

  @ApiProperty()
  services!: ServicesResponse;

  @ApiProperty({ type: 'integer', description: 'The port that the app listens on.', example: 3000 })
  port!: number;

  @ApiProperty({ example: '/' })
  health_check_path!: string;

  @ApiProperty({ type: 'number', description: 'Cores.', example: 0.5 })
  cpu!: number;

  @ApiProperty({ type: 'integer', example: 512 })
  memory_mb!: number;

  @ApiProperty({ type: 'integer', example: 900 })
  build_timeout_seconds!: number;

  @ApiProperty({ description: 'Whether a push deploys.' })
  auto_deploy!: boolean;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'Minutes without a request after which an environment sleeps, until the next one; null: never.',
    example: 60,
  })
  sleep_after_minutes!: number | null;

  @ApiProperty()
  branch_filter!: BranchFilterResponse;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'An environment that saw no push and no deployment for that many days is destroyed; null: none is.',
    example: 14,
  })
  expires_after_days!: number | null;

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
    dockerfile: project.dockerfile,
    build_context: project.buildContext,
    services: { postgres: project.servicePostgres, redis: project.serviceRedis, s3: project.serviceS3 },
    port: project.port,
    health_check_path: project.healthCheckPath,
    cpu: project.cpu,
    memory_mb: project.memoryMb,
    build_timeout_seconds: project.buildTimeoutSeconds,
    auto_deploy: project.autoDeploy,
    sleep_after_minutes: project.sleepAfterMinutes,
    branch_filter: { include: project.branchInclude, exclude: project.branchExclude },
    expires_after_days: project.expiresAfterDays,
    created_at: project.createdAt.toISOString(),
    updated_at: project.updatedAt.toISOString(),
  };
}
