import { ApiProperty } from '../../http/openapi/api-property.js';
import { IsInt, Max, Min } from 'class-validator';
import { Optional } from '../../http/optional.decorator.js';

const LARGEST = 2 ** 31 - 1;

/** The optional body of `POST /environments/:id/restore`. */
export class RestoreDto {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: LARGEST,
    example: 1,
    required: false,
    description: 'The backup to restore; the latest by default.',
  })
  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(LARGEST, { message: `must be at most ${LARGEST}` })
  generation?: number;
}
