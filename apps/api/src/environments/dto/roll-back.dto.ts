import { idPattern } from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Matches } from 'class-validator';
import { Optional } from '../../http/optional.decorator.js';
import { idSchema } from '../../http/openapi/path-ids.js';

/** The optional body of `POST /environments/:id/rollback`. */
export class RollBackDto {
  @ApiProperty({
    example: idSchema('deployment').example,
    required: false,
    description:
      'A deployment of the environment that was live before; by default, the last one before the live version.',
  })
  @Optional()
  @Matches(new RegExp(idPattern('deployment')), { message: 'must be the id of a deployment' })
  deployment_id?: string;
}
