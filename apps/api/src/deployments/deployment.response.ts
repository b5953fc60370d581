import { type DeploymentTrigger } from '@nexos/database';
import { type DeploymentSummary } from '@nexos/state';
import {
  DEPLOYMENT_STATUSES,
  type DeploymentStatus,
  FAILURE_CODES,
  type FailureCode,
  SKIP_REASONS,
  type SkipReason,
} from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

const TRIGGERS = ['push', 'rebuild', 'api', 'rollback'] satisfies DeploymentTrigger[];

/** Why a deployment ended `failed`. */
export class DeploymentFailureResponse {
  @ApiProperty({
    enum: FAILURE_CODES,
    description: 'A stable code that clients can branch on.',
    example: 'build_timeout',
  })
  code!: FailureCode;

  @ApiProperty({
    description: 'What happened, and what to do about it.',
    example:
      "The build took longer than 900 s. Make it faster, or raise the project's build_timeout_seconds.",
  })
  message!: string;
}

/** A deployment in a response. */
export class DeploymentResponse {
  @IdProperty('deployment')
  id!: string;

  @IdProperty('project')
  project_id!: string;

  @IdProperty('environment')
  environment_id!: string;

  @ApiProperty({ enum: TRIGGERS })
  trigger!: DeploymentTrigger;

  @ApiProperty({ enum: DEPLOYMENT_STATUSES, example: 'live' })
  status!: DeploymentStatus;

  @ApiProperty({ example: 'main' })
  branch!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null until a builder has looked up the latest commit of the branch.',
    example: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
  })
  commit_sha!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'From the push; null if there was no push.',
    example: 'Fix all the bugs',
  })
  commit_message!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'From the push; null if there was no push.',
    example: 'The Octocat',
  })
  commit_author!: string | null;

  @ApiProperty({ format: 'uri', example: 'https://main-my-app.nexos.dev' })
  url!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'Identifies the built image: `sha256:…`, or `repository@sha256:…` with a registry; null until it is built.',
    example: 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  image_digest!: string | null;

  @ApiProperty({ type: DeploymentFailureResponse, nullable: true, example: null })
  failure!: DeploymentFailureResponse | null;

  @ApiProperty({
    enum: SKIP_REASONS,
    nullable: true,
    description:
      'Why a `cancelled` deployment was not built: nothing that `watch_paths` names has changed, or the message of its commit, of which no webhook told, has a skip mark. Otherwise null.',
    example: null,
  })
  skip_reason!: SkipReason | null;

  @TimeProperty()
  queued_at!: string;

  @TimeProperty({ nullable: true })
  started_at!: string | null;

  @TimeProperty({ nullable: true })
  built_at!: string | null;

  @TimeProperty({ nullable: true })
  live_at!: string | null;

  @TimeProperty({ nullable: true })
  finished_at!: string | null;
}

export function toDeploymentResponse(deployment: DeploymentSummary, url: string): DeploymentResponse {
  const { failureCode, failureMessage } = deployment;
  return {
    id: deployment.id,
    project_id: deployment.projectId,
    environment_id: deployment.environmentId,
    trigger: deployment.trigger,
    status: deployment.status,
    branch: deployment.branch,
    commit_sha: deployment.commitSha,
    commit_message: deployment.commitMessage,
    commit_author: deployment.commitAuthor,
    url,
    image_digest: deployment.imageId,
    failure: failureCode === null ? null : { code: failureCode, message: failureMessage ?? '' },
    skip_reason: deployment.skipReason,
    queued_at: deployment.queuedAt.toISOString(),
    started_at: deployment.startedAt?.toISOString() ?? null,
    built_at: deployment.builtAt?.toISOString() ?? null,
    live_at: deployment.liveAt?.toISOString() ?? null,
    finished_at: deployment.finishedAt?.toISOString() ?? null,
  };
}
