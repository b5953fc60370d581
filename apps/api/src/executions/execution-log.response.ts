import { EXECUTION_STATUSES, type ExecutionStatus } from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';
import { LogLineResponse } from '../logs/log.response.js';

/** The data of the `end` event of an execution's log. */
export class ExecutionLogEndEvent {
  @ApiProperty({ enum: EXECUTION_STATUSES, example: 'exited' })
  status!: ExecutionStatus;

  @ApiProperty({ type: 'integer', nullable: true, example: 0 })
  exit_code!: number | null;
}

/** A page of an execution's log. */
export class ExecutionLogResponse extends ExecutionLogEndEvent {
  @ApiProperty({ type: [LogLineResponse] })
  lines!: LogLineResponse[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Cursor of the next page; null if the execution has finished and these are its last lines.',
    example: '1-42',
  })
  next_cursor!: string | null;
}
