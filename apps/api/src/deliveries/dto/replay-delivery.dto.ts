import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { Optional } from '../../http/optional.decorator.js';

/** The body of `POST /webhooks/deliveries/:id/replay`; all of it may be left out. */
export class ReplayDeliveryDto {
  @ApiProperty({
    required: false,
    example: false,
    description: 'Follow the push even if it is older than what is known of its branch.',
  })
  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  force = false;
}
