import { WholeNumberInQuery } from '../http/whole-number.decorator.js';

const MAX_WAIT_SECONDS = 60;

/** `?wait` of a deployment or an execution. */
export class WaitQuery {
  /** Seconds that the answer may take while the status is what it was when the request came. */
  @WholeNumberInQuery(0, MAX_WAIT_SECONDS)
  wait = 0;
}
