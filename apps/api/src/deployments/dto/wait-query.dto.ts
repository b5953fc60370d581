import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

const MAX_WAIT_SECONDS = 60;

/** `?wait` of a deployment. */
export class WaitQuery {
  /** Seconds that the answer may take while the status is what it was when the request came. */
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be at least 0' })
  @Max(MAX_WAIT_SECONDS, { message: `must be at most ${MAX_WAIT_SECONDS}` })
  wait = 0;
}
