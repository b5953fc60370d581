import { RUNTIME_LOG_CURSOR } from '@nexos/contracts';
import { APP_CONTAINER, CONTAINER_NAME, CONTAINER_NAME_RULE, idPattern } from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Matches } from 'class-validator';
import { idSchema } from '../../http/openapi/path-ids.js';
import { Optional } from '../../http/optional.decorator.js';
import { TimeInQuery } from '../../http/time-in-query.decorator.js';
import { WholeNumberInQuery } from '../../http/whole-number.decorator.js';

/** Maximum lines per page. */
export const MAX_LINES = 1_000;
export const DEFAULT_TAIL = 100;

/** Selects lines of a container's log: the last ones, those since a time, or those after a cursor. */
export class RuntimeLogQuery {
  @ApiProperty({ description: `Number of last lines to return, by default ${DEFAULT_TAIL}.` })
  @WholeNumberInQuery(1, MAX_LINES)
  tail?: number;

  @TimeInQuery('Only lines from this time on.', '2026-04-10T12:00:00Z')
  since?: string;

  @ApiProperty({
    type: 'string',
    required: false,
    description: 'Whose output to return: `app`, which is the default, or one of `containers`.',
    example: 'worker',
  })
  @Optional()
  @Matches(CONTAINER_NAME, { message: CONTAINER_NAME_RULE })
  container: string = APP_CONTAINER;

  @ApiProperty({
    type: 'string',
    required: false,
    description:
      'The version whose output to return, by default the live one. Of one that was replaced, the last lines are kept for a week.',
    example: idSchema('deployment').example,
  })
  @Optional()
  @Matches(new RegExp(idPattern('deployment')), { message: 'must be the id of a deployment' })
  deployment_id?: string;

  @ApiProperty({ description: 'The `next_cursor` of the previous page.' })
  @Optional()
  @Matches(RUNTIME_LOG_CURSOR, { message: 'must be a cursor that this API returned' })
  cursor?: string;
}
