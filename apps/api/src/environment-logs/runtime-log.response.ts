import { formatRuntimeLogCursor, millisecondsOf, type RuntimeLogLine } from '@nexos/contracts';
import { VISIBLE_ENVIRONMENT_STATUSES, type VisibleEnvironmentStatus } from '@nexos/domain';
import { ApiProperty, OmitType } from '@nestjs/swagger';
import { LogLineResponse } from '../logs/log.response.js';
import { IdProperty } from '../http/openapi/id.property.js';

const CURSOR_EXAMPLE = '1795690871675449988-0-dep_01jz8x6t3n5v7w9y1a2b3c4d5e';

/** One line that an environment's app wrote. */
export class RuntimeLogLineResponse extends OmitType(LogLineResponse, ['cursor']) {
  @ApiProperty({
    description: 'The line’s place; a reader that sends it as `cursor` or `Last-Event-ID` goes on after it.',
    example: CURSOR_EXAMPLE,
  })
  cursor!: string;

  @IdProperty('deployment', { description: 'The version that wrote it.' })
  deployment_id!: string;
}

/** What a `line` event of a runtime log holds; the cursor is the event's id. */
export class RuntimeLogLineEvent extends OmitType(RuntimeLogLineResponse, ['cursor']) {}

/** What the `end` event of a runtime log holds. */
export class RuntimeLogEndEvent {
  @ApiProperty({ enum: VISIBLE_ENVIRONMENT_STATUSES, example: 'destroyed' })
  status!: VisibleEnvironmentStatus;
}

/** A page of what an environment's app wrote. */
export class RuntimeLogResponse {
  @ApiProperty({ enum: VISIBLE_ENVIRONMENT_STATUSES, example: 'running' })
  status!: VisibleEnvironmentStatus;

  @ApiProperty({ type: [RuntimeLogLineResponse] })
  lines!: RuntimeLogLineResponse[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Where to go on; null when the environment is destroyed.',
    example: CURSOR_EXAMPLE,
  })
  next_cursor!: string | null;
}

export function toRuntimeLogLineResponse(deploymentId: string, line: RuntimeLogLine): RuntimeLogLineResponse {
  return {
    cursor: formatRuntimeLogCursor({ ...line, deploymentId }),
    // What Nexos says before any line was written is said now.
    time: new Date(line.nanoseconds === '0' ? Date.now() : millisecondsOf(line)).toISOString(),
    stream: line.stream,
    text: line.text,
    deployment_id: deploymentId,
  };
}
