import { DEPLOYMENT_STATUSES, type DeploymentStatus } from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';
import { LogLineResponse } from '../logs/log.response.js';

/** The data of the `end` event. */
export class LogEndEvent {
  @ApiProperty({ enum: DEPLOYMENT_STATUSES, example: 'live' })
  status!: DeploymentStatus;
}

/** A page of a log. */
export class LogResponse {
  @ApiProperty({ enum: DEPLOYMENT_STATUSES, example: 'building' })
  status!: DeploymentStatus;

  @ApiProperty({ type: [LogLineResponse] })
  lines!: LogLineResponse[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Cursor of the next page; null if the deployment has finished and these are its last lines.',
    example: '1-42',
  })
  next_cursor!: string | null;
}
