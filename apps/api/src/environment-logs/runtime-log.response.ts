import { formatRuntimeLogCursor, millisecondsOf, type RuntimeLogLine } from '@nexos/contracts';
import { VISIBLE_ENVIRONMENT_STATUSES, type VisibleEnvironmentStatus } from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';
import { LogLineEvent } from '../logs/log.response.js';
import { IdProperty } from '../http/openapi/id.property.js';

const CURSOR_EXAMPLE = '1795690871675449988-0-dep_01jz8x6t3n5v7w9y1a2b3c4d5e';

/** The data of a `line` event of a runtime log; the cursor is the event's id. */
export class RuntimeLogLineEvent extends LogLineEvent {
  @IdProperty('deployment', { description: 'The version that wrote it.' })
  deployment_id!: string;
}

/** One line of output of an environment's app. */
export class RuntimeLogLineResponse extends RuntimeLogLineEvent {
  @ApiProperty({
    description: 'The position of the line. Send it as `cursor` or `Last-Event-ID` to continue after it.',
    example: CURSOR_EXAMPLE,
  })
  cursor!: string;
}

/** The data of the `end` event of a runtime log. */
export class RuntimeLogEndEvent {
  @ApiProperty({ enum: VISIBLE_ENVIRONMENT_STATUSES, example: 'destroyed' })
  status!: VisibleEnvironmentStatus;
}

/** A page of output of an environment's app. */
export class RuntimeLogResponse {
  @ApiProperty({ enum: VISIBLE_ENVIRONMENT_STATUSES, example: 'running' })
  status!: VisibleEnvironmentStatus;

  @ApiProperty({ type: [RuntimeLogLineResponse] })
  lines!: RuntimeLogLineResponse[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Cursor of the next page; null if the environment is destroyed.',
    example: CURSOR_EXAMPLE,
  })
  next_cursor!: string | null;
}

export function toRuntimeLogLineResponse(deploymentId: string, line: RuntimeLogLine): RuntimeLogLineResponse {
  return {
    cursor: formatRuntimeLogCursor({ ...line, deploymentId }),
    // A line of Nexos's own before the first line of output has the current time.
    time: new Date(line.nanoseconds === '0' ? Date.now() : millisecondsOf(line)).toISOString(),
    stream: line.stream,
    text: line.text,
    deployment_id: deploymentId,
  };
}
