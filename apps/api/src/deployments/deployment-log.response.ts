import { DEPLOYMENT_STATUSES, type DeploymentStatus } from '@nexos/domain';
import { ApiProperty } from '@nestjs/swagger';
import { LogLineResponse } from '../logs/log.response.js';

/** What the `end` event holds. */
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
    description: 'Where to go on; null when the deployment has ended and these are its last lines.',
    example: '1-42',
  })
  next_cursor!: string | null;
}
