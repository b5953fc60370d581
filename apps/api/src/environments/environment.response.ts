import { type EnvironmentEntity, type EnvironmentHealthEntity } from '@nexos/database';
import {
  type DeploymentStatus,
  type EnvironmentIntent,
  FAILURE_CODES,
  type FailureCode,
  HEALTH_STATES,
  type HealthState,
  signalOf,
  VISIBLE_ENVIRONMENT_STATUSES,
  visibleEnvironmentStatus,
  type VisibleEnvironmentStatus,
} from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** Why an environment has not reached its desired state, failed on the way, or does not stay in it. */
export class EnvironmentErrorResponse {
  @ApiProperty({ enum: FAILURE_CODES, description: 'A stable code that clients can branch on.' })
  code!: FailureCode;

  @ApiProperty({
    example:
      "The project's Postgres server did not answer within 120 s: it is pending. Deploy again; if that does not help, tell the operator.",
  })
  message!: string;

  @TimeProperty()
  at!: string;
}

/** How the app of an environment last ended without being asked to. */
export class LastExitResponse {
  @ApiProperty({ example: 137 })
  code!: number;

  @ApiProperty({
    type: 'string',
    description: 'The signal that ended it, if any.',
    example: 'SIGKILL',
    nullable: true,
  })
  signal!: string | null;

  @ApiProperty({ description: 'Whether it ran out of memory.', example: true })
  out_of_memory!: boolean;

  @TimeProperty()
  at!: string;
}

/** Whether the live version of a running environment works. */
export class EnvironmentHealthResponse {
  @ApiProperty({ enum: HEALTH_STATES, example: 'out_of_memory' })
  state!: HealthState;

  @TimeProperty({ description: 'When it entered this state.' })
  since!: string;

  @ApiProperty({
    description: 'Exits of the live version since it went live or was resumed, in the last 24 hours.',
    minimum: 0,
    example: 3,
  })
  restarts!: number;

  @ApiProperty({ type: LastExitResponse, nullable: true })
  last_exit!: LastExitResponse | null;

  @ApiProperty({
    description: 'What happened, and what to do.',
    example:
      "The app ran out of memory 3 times: it may use 512 MiB. Raise memory_mb in the project's settings or in nexos.yaml, or make it use less.",
  })
  message!: string;
}

/** An environment in a response. */
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
    description: 'The deployment that serves the URL; null before the first one does.',
    nullable: true,
  })
  live_deployment_id!: string | null;

  @IdProperty('deployment', {
    description: 'The newest deployment, whatever its status.',
    nullable: true,
  })
  latest_deployment_id!: string | null;

  @ApiProperty({
    type: EnvironmentErrorResponse,
    nullable: true,
    description:
      'Why the environment has the status `failed`, why an action takes longer than usual, or that the live version keeps exiting: what happened, and what to do or that Nexos keeps trying. Null once the action has succeeded, and the version is stable. For a failed deployment, see its `failure`.',
    example: null,
  })
  last_error!: EnvironmentErrorResponse | null;

  @ApiProperty({
    type: EnvironmentHealthResponse,
    nullable: true,
    description: 'Whether the live version works; null unless the environment is running.',
    example: null,
  })
  health!: EnvironmentHealthResponse | null;

  @TimeProperty()
  created_at!: string;

  @TimeProperty({ nullable: true })
  destroyed_at!: string | null;
}

/** The parts of a response that are not in the environment's row. */
export interface EnvironmentSurroundings {
  readonly url: string;
  readonly unfinished: readonly DeploymentStatus[];
  readonly health: EnvironmentHealthEntity | undefined;
}

function intentOf(environment: EnvironmentEntity): EnvironmentIntent {
  return {
    desiredState: environment.desiredState,
    isAsleep: environment.asleep,
    isResetting:
      environment.databaseGeneration > environment.observedDatabaseGeneration || environment.hooksDue,
    hasLiveVersion: environment.liveDeploymentId !== null,
    hasFailed: environment.failedGeneration === environment.generation,
  };
}

export function toEnvironmentResponse(
  environment: EnvironmentEntity,
  { url, unfinished, health }: EnvironmentSurroundings,
): EnvironmentResponse {
  const shownHealth = toHealthResponse(environment, health);
  return {
    id: environment.id,
    project_id: environment.projectId,
    branch: environment.branch,
    status: visibleEnvironmentStatus(environment.status, intentOf(environment), unfinished),
    url,
    live_deployment_id: environment.liveDeploymentId,
    latest_deployment_id: environment.latestDeploymentId,
    last_error: toErrorResponse(environment) ?? exitsOf(shownHealth),
    health: shownHealth,
    created_at: environment.createdAt.toISOString(),
    destroyed_at: environment.destroyedAt?.toISOString() ?? null,
  };
}

/** Returns the error of the attempt that is being repeated, if any, or else the failure that ended the last one. */
function toErrorResponse(environment: EnvironmentEntity): EnvironmentErrorResponse | null {
  const { errorCode, errorMessage, errorAt, failureCode, failureMessage, failedAt } = environment;
  if (errorCode !== null && errorAt !== null) {
    return { code: errorCode, message: errorMessage ?? '', at: errorAt.toISOString() };
  }
  if (failureCode === null || failedAt === null) return null;
  return { code: failureCode, message: failureMessage ?? '', at: failedAt.toISOString() };
}

/** Returns the error of a live version that keeps exiting, which is over when its health says so. */
function exitsOf(health: EnvironmentHealthResponse | null): EnvironmentErrorResponse | null {
  if (health?.state !== 'crash_looping' && health?.state !== 'out_of_memory') return null;
  return { code: 'app_exited', message: health.message, at: health.since };
}

function toHealthResponse(
  { status, desiredState, liveDeploymentId }: EnvironmentEntity,
  health: EnvironmentHealthEntity | undefined,
): EnvironmentHealthResponse | null {
  if (status !== 'running' || desiredState !== 'running') return null;
  if (health?.deploymentId !== liveDeploymentId) return null;
  const { state, since, restarts, message, lastExitAt, lastExitCode, lastExitOutOfMemory } = health;
  const lastExit =
    lastExitAt === null || lastExitCode === null
      ? null
      : {
          code: lastExitCode,
          signal: signalOf(lastExitCode),
          out_of_memory: lastExitOutOfMemory === true,
          at: lastExitAt.toISOString(),
        };
  return { state, since: since.toISOString(), restarts, last_exit: lastExit, message };
}
