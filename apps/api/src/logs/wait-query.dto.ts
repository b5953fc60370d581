import { ApiProperty } from '../http/openapi/api-property.js';
import { WholeNumberInQuery } from '../http/whole-number.decorator.js';

const MAX_WAIT_SECONDS = 60;

/** `?wait` of a deployment, an execution or a delivery. */
export class WaitQuery {
  @ApiProperty({ description: 'Seconds to wait for the status to change.' })
  @WholeNumberInQuery(0, MAX_WAIT_SECONDS)
  wait = 0;
}
