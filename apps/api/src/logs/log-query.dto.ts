import { Matches } from 'class-validator';
import { ApiProperty } from '../http/openapi/api-property.js';
import { Optional } from '../http/optional.decorator.js';
import { WholeNumberInQuery } from '../http/whole-number.decorator.js';

const MAX_LINES = 5_000;

/** `?limit` and `?cursor` of a log. */
export class LogQuery {
  @ApiProperty({ description: 'Maximum number of lines. A page also ends after 512 KiB.' })
  @WholeNumberInQuery(1, MAX_LINES)
  limit = 1_000;

  @ApiProperty({ description: 'The `next_cursor` of the previous page; empty to read from the start.' })
  @Optional()
  @Matches(/^(\d{1,6}-\d{1,9})?$/, { message: 'must be a cursor that this API returned' })
  cursor?: string;
}
