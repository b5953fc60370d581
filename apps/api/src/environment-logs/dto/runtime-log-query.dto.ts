import { RUNTIME_LOG_CURSOR } from '@nexos/contracts';
import { ApiProperty } from '@nestjs/swagger';
import { IsRFC3339, Matches } from 'class-validator';
import { Optional } from '../../http/optional.decorator.js';
import { IsTimeOfLogs, NO_TIME } from './is-time-of-logs.decorator.js';
import { WholeNumberInQuery } from '../../http/whole-number.decorator.js';

/** The most lines of one page. */
export const MOST_LINES = 1_000;
export const USUAL_TAIL = 100;

/** Which lines of a runtime log: the last ones, those since a time, or those after a place. */
export class RuntimeLogQuery {
  /** The last so many lines; 100 where nothing else is said. */
  @WholeNumberInQuery(1, MOST_LINES)
  tail?: number;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    required: false,
    description: 'No line from before this time.',
    example: '2026-04-10T12:00:00Z',
  })
  @Optional()
  @IsRFC3339({ message: NO_TIME })
  @IsTimeOfLogs()
  since?: string;

  /** The `next_cursor` of the page before. */
  @Optional()
  @Matches(RUNTIME_LOG_CURSOR, { message: 'is not a cursor that this API gave out' })
  cursor?: string;
}
