import { type ExecutionEntity } from '@nexos/database';
import {
  EXECUTION_FAILURE_CODES,
  EXECUTION_STATUSES,
  type ExecutionFailureCode,
  type ExecutionStatus,
} from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** Why an execution ended `failed`. */
export class ExecutionFailureResponse {
  @ApiProperty({
    enum: EXECUTION_FAILURE_CODES,
    description: 'A stable code that clients can branch on.',
    example: 'not_started',
  })
  code!: ExecutionFailureCode;

  @ApiProperty({
    description: 'What happened, and what to do about it.',
    example: 'The container could not be started in time. Try again later.',
  })
  message!: string;
}

/** A command run in an environment, in a response. */
export class ExecutionResponse {
  @IdProperty('execution')
  id!: string;

  @IdProperty('project')
  project_id!: string;

  @IdProperty('environment')
  environment_id!: string;

  @IdProperty('deployment', {
    description: 'The version whose image the command runs in; null until it starts.',
    nullable: true,
  })
  deployment_id!: string | null;

  @ApiProperty({
    description: 'The id of the API key or session that requested it.',
    example: 'key_01kb2c7x9q4m8r5t6v3w0y1z2a',
  })
  requested_by!: string;

  @ApiProperty({
    type: [String],
    description: 'As requested.',
    example: ['psql', '$DATABASE_URL', '-c', 'select 1'],
  })
  command!: string[];

  @ApiProperty({ description: 'The container whose image and variables the command gets.', example: 'app' })
  container!: string;

  @ApiProperty({ type: 'integer', example: 60 })
  timeout_seconds!: number;

  @ApiProperty({ enum: EXECUTION_STATUSES, example: 'exited' })
  status!: ExecutionStatus;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Exit code of the program; null unless the status is `exited`.',
    example: 0,
  })
  exit_code!: number | null;

  @ApiProperty({ type: ExecutionFailureResponse, nullable: true, example: null })
  failure!: ExecutionFailureResponse | null;

  @TimeProperty()
  queued_at!: string;

  @TimeProperty({ nullable: true })
  started_at!: string | null;

  @TimeProperty({ nullable: true })
  finished_at!: string | null;
}

export function toExecutionResponse(execution: ExecutionEntity): ExecutionResponse {
  const { failureCode, failureMessage } = execution;
  return {
    id: execution.id,
    project_id: execution.projectId,
    environment_id: execution.environmentId,
    deployment_id: execution.deploymentId,
    requested_by: execution.requestedBy,
    command: execution.command,
    container: execution.container,
    timeout_seconds: execution.timeoutSeconds,
    status: execution.status,
    exit_code: execution.exitCode,
    failure: failureCode === null ? null : { code: failureCode, message: failureMessage ?? '' },
    queued_at: execution.queuedAt.toISOString(),
    started_at: execution.startedAt?.toISOString() ?? null,
    finished_at: execution.finishedAt?.toISOString() ?? null,
  };
}
