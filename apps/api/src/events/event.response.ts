import {
  DEPLOYMENT_EVENT_TYPES,
  DEPLOYMENT_STATUSES,
  type DeploymentEventType,
  ENVIRONMENT_EVENT_TYPES,
  type EnvironmentEventType,
} from '@nexos/domain';
import type { DeploymentEvent, EnvironmentEvent } from '@nexos/state';
import { ApiProperty } from '@nestjs/swagger';
import { TimeProperty } from '../http/openapi/time.property.js';

/** An event on the wire. */
class EventResponse {
  @ApiProperty({ description: 'The cursor of the list; not a position to read on from.', example: '1042' })
  id!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Details of the type.',
    example: {},
  })
  data!: Readonly<Record<string, unknown>>;

  @ApiProperty({
    description: 'The id of the API key or of the session that asked for it, `github`, or `system`.',
    example: 'system',
  })
  actor!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'A stable code, such as `newer_deployment`, or that of the failure.',
    example: null,
  })
  reason!: string | null;

  @TimeProperty()
  at!: string;
}

/** An event of a deployment on the wire. */
export class DeploymentEventResponse extends EventResponse {
  @ApiProperty({ enum: DEPLOYMENT_EVENT_TYPES, description: 'More may come.' })
  type!: DeploymentEventType;

  @ApiProperty({ type: 'string', enum: [...DEPLOYMENT_STATUSES, null], nullable: true, example: 'building' })
  from!: string | null;

  @ApiProperty({ type: 'string', enum: [...DEPLOYMENT_STATUSES, null], nullable: true, example: 'deploying' })
  to!: string | null;
}

/** An event of an environment on the wire. */
export class EnvironmentEventResponse extends EventResponse {
  @ApiProperty({ enum: ENVIRONMENT_EVENT_TYPES, description: 'More may come.' })
  type!: EnvironmentEventType;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The status before, of the environment or, for `execution`, of the command.',
    example: 'pending',
  })
  from!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The status after it; null where none changed.',
    example: 'running',
  })
  to!: string | null;
}

export function toDeploymentEventResponse(event: DeploymentEvent): DeploymentEventResponse {
  return { ...common(event), type: event.type };
}

export function toEnvironmentEventResponse(event: EnvironmentEvent): EnvironmentEventResponse {
  return { ...common(event), type: event.type };
}

function common({ seq, data, actor, reason, at }: DeploymentEvent | EnvironmentEvent) {
  const { from, to, ...details } = data;
  return {
    id: seq,
    from: from ?? null,
    to: to ?? null,
    data: details,
    actor,
    reason,
    at: at.toISOString(),
  };
}
