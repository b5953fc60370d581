import { idPattern } from '@nexos/domain';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { Optional } from '../../http/optional.decorator.js';
import { idSchema } from '../../http/openapi/path-ids.js';

/** The body of `POST /environments/:id/rollback`; all of it may be left out. */
export class RollBackDto {
  @ApiProperty({
    example: idSchema('deployment').example,
    required: false,
    description:
      'A deployment of the environment that was live; the one before the live one, where it is left out.',
  })
  @Optional()
  @Matches(new RegExp(idPattern('deployment')), { message: 'must be the id of a deployment' })
  deployment_id?: string;
}
