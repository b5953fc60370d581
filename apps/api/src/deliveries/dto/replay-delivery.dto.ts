import { ApiProperty } from '../../http/openapi/api-property.js';
import { IsBoolean } from 'class-validator';
import { Optional } from '../../http/optional.decorator.js';

/** The optional body of `POST /webhooks/deliveries/:id/replay`. */
export class ReplayDeliveryDto {
  @ApiProperty({
    required: false,
    example: false,
    description: 'Deploy the push even if it is older than the known state of its branch.',
  })
  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  force = false;
}
