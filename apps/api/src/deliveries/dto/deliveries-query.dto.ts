import { DELIVERY_OUTCOMES, type DeliveryOutcome } from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { IsIn } from 'class-validator';
import { Optional } from '../../http/optional.decorator.js';
import { PageOf } from '../../http/page.js';
import { IsRepositoryName } from '../../projects/dto/repository-name.decorator.js';

/** The query of the list of all deliveries. */
export class DeliveriesQuery extends PageOf('delivery') {
  @ApiProperty({
    description: 'Only deliveries with this outcome in at least one project.',
    example: 'failed',
  })
  @Optional()
  @IsIn(DELIVERY_OUTCOMES, { message: `must be one of ${DELIVERY_OUTCOMES.join(', ')}` })
  outcome?: DeliveryOutcome;

  @ApiProperty({
    type: 'string',
    description: 'Only deliveries of this repository; case-insensitive.',
    example: 'octocat/my-app',
  })
  @Optional()
  @IsRepositoryName()
  repository?: string;
}
