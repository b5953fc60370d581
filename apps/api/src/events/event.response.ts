import {
  DEPLOYMENT_EVENT_TYPES,
  DEPLOYMENT_STATUSES,
  type DeploymentEventType,
  ENVIRONMENT_EVENT_TYPES,
  type EnvironmentEventType,
} from '@nexos/domain';
import type { DeploymentEvent, EnvironmentEvent } from '@nexos/state';
import { ApiProperty } from '../http/openapi/api-property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** An event in a response. */
class EventResponse {
  @ApiProperty({
    description: 'Send it as `cursor` to list older events; it cannot be used to list newer ones.',
    example: '1042',
  })
  id!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Details that depend on the type.',
    example: {},
  })
  data!: Readonly<Record<string, unknown>>;

  @ApiProperty({
    description:
      'The id of the API key or session that caused it, `github`, `github:LOGIN` for a user who asked for it on GitHub, or `system`.',
    example: 'system',
  })
  actor!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'A stable code, such as `newer_deployment` or a failure code.',
    example: null,
  })
  reason!: string | null;

  @TimeProperty()
  at!: string;
}

/** An event of a deployment in a response. */
export class DeploymentEventResponse extends EventResponse {
  @ApiProperty({ enum: DEPLOYMENT_EVENT_TYPES, description: 'New types may be added.' })
  type!: DeploymentEventType;

  @ApiProperty({ type: 'string', enum: [...DEPLOYMENT_STATUSES, null], nullable: true, example: 'building' })
  from!: string | null;

  @ApiProperty({ type: 'string', enum: [...DEPLOYMENT_STATUSES, null], nullable: true, example: 'deploying' })
  to!: string | null;
}

/** An event of an environment in a response. */
export class EnvironmentEventResponse extends EventResponse {
  @ApiProperty({ enum: ENVIRONMENT_EVENT_TYPES, description: 'New types may be added.' })
  type!: EnvironmentEventType;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'The previous status of the environment; for `execution`, of the command; for `health`, its previous state.',
    example: 'pending',
  })
  from!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The new status; null if the status did not change.',
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
