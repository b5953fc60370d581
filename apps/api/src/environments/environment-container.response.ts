import { type ContainerHealthEntity, type DeploymentEntity } from '@nexos/database';
import { HEALTH_STATES, type HealthState } from '@nexos/domain';
import { containersOf } from '@nexos/settings';
import { ApiProperty } from '../http/openapi/api-property.js';

/** Whether a container of the live version works. */
export class ContainerHealthResponse {
  @ApiProperty({ enum: HEALTH_STATES, example: 'healthy' })
  state!: HealthState;

  @ApiProperty({
    description: 'Exits since the version went live or was resumed, in the last 24 hours.',
    minimum: 0,
    example: 0,
  })
  restarts!: number;

  @ApiProperty({
    description: 'What happened, and what to do.',
    example: 'The container api is running and answers.',
  })
  message!: string;
}

/** A container of the live version. */
export class EnvironmentContainerResponse {
  @ApiProperty({ description: '`app`, or a name in `containers`.', example: 'api' })
  name!: string;

  @ApiProperty({
    type: 'string',
    format: 'uri',
    nullable: true,
    description: 'Null unless it is public.',
    example: 'https://main-my-app-api.nexos.dev',
  })
  url!: string | null;

  @ApiProperty({
    type: ContainerHealthResponse,
    nullable: true,
    description: 'Null unless the environment is running, and until it is known.',
  })
  health!: ContainerHealthResponse | null;
}

/** @param healths empty unless the environment is running */
export function toContainerResponses(
  { settings }: Pick<DeploymentEntity, 'settings'>,
  urls: ReadonlyMap<string, string>,
  healths: readonly ContainerHealthEntity[],
): EnvironmentContainerResponse[] {
  return containersOf(settings).map(({ name, public: isPublic }) => {
    const health = healths.find(({ container }) => container === name);
    return {
      name,
      url: (isPublic ? urls.get(name) : undefined) ?? null,
      health:
        health === undefined
          ? null
          : { state: health.state, restarts: health.restarts, message: health.message },
    };
  });
}
