import { type EnvironmentEntity } from '@nexos/database';
import {
  type DeploymentStatus,
  type EnvironmentIntent,
  FAILURE_CODES,
  type FailureCode,
  VISIBLE_ENVIRONMENT_STATUSES,
  visibleEnvironmentStatus,
  type VisibleEnvironmentStatus,
} from '@nexos/domain';
import { ApiProperty } from '@nestjs/swagger';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** Why an environment is not as it is wanted. */
export class EnvironmentErrorResponse {
  @ApiProperty({ enum: FAILURE_CODES, description: 'Stable; a client may branch on it.' })
  code!: FailureCode;

  @ApiProperty({ example: 'Postgres of the project did not answer within 120 s: it is pending.' })
  message!: string;

  @TimeProperty()
  at!: string;
}

/** An environment on the wire. */
export class EnvironmentResponse {
  @IdProperty('environment')
  id!: string;

  @IdProperty('project')
  project_id!: string;

  @ApiProperty({ example: 'main' })
  branch!: string;

  @ApiProperty({
    enum: VISIBLE_ENVIRONMENT_STATUSES,
    example: 'running',
  })
  status!: VisibleEnvironmentStatus;

  @ApiProperty({ format: 'uri', example: 'https://main-my-app.nexos.dev' })
  url!: string;

  @IdProperty('deployment', {
    description: 'The deployment that answers at the URL; null before the first one does.',
    nullable: true,
  })
  live_deployment_id!: string | null;

  @IdProperty('deployment', {
    description: 'The newest deployment, whatever became of it.',
    nullable: true,
  })
  latest_deployment_id!: string | null;

  @ApiProperty({
    type: EnvironmentErrorResponse,
    nullable: true,
    description:
      'Why the last attempt to pause, resume, reset or destroy it, or to bring a version up, could not be finished; it is made again. Null once one succeeds. Why a deployment failed is told by that.',
    example: null,
  })
  last_error!: EnvironmentErrorResponse | null;

  @TimeProperty()
  created_at!: string;

  @TimeProperty({ nullable: true })
  destroyed_at!: string | null;
}

/** What an environment's row alone does not tell. */
export interface EnvironmentSurroundings {
  readonly url: string;
  readonly unfinished: readonly DeploymentStatus[];
}

function intentOf(environment: EnvironmentEntity): EnvironmentIntent {
  return {
    desiredState: environment.desiredState,
    isAsleep: environment.asleep,
    isResetting:
      environment.databaseGeneration > environment.observedDatabaseGeneration || environment.hooksDue,
  };
}

export function toEnvironmentResponse(
  environment: EnvironmentEntity,
  { url, unfinished }: EnvironmentSurroundings,
): EnvironmentResponse {
  return {
    id: environment.id,
    project_id: environment.projectId,
    branch: environment.branch,
    status: visibleEnvironmentStatus(environment.status, intentOf(environment), unfinished),
    url,
    live_deployment_id: environment.liveDeploymentId,
    latest_deployment_id: environment.latestDeploymentId,
    last_error: toErrorResponse(environment),
    created_at: environment.createdAt.toISOString(),
    destroyed_at: environment.destroyedAt?.toISOString() ?? null,
  };
}

function toErrorResponse({
  errorCode: code,
  errorMessage,
  errorAt,
}: EnvironmentEntity): EnvironmentErrorResponse | null {
  if (code === null || errorAt === null) return null;
  return { code, message: errorMessage ?? '', at: errorAt.toISOString() };
}
