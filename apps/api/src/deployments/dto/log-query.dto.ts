import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const MAX_LINES = 5_000;

/** `?limit` and `?cursor` of a log. */
export class LogQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(MAX_LINES, { message: `must be at most ${MAX_LINES}` })
  limit = 1_000;

  @IsOptional()
  @IsString({ message: 'must be text' })
  @MaxLength(40, { message: 'is not a cursor that this API gave out' })
  cursor?: string;
}
