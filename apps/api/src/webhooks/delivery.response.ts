import { ApiProperty } from '@nestjs/swagger';

/** What a delivery came to. */
export class DeliveryResponse {
  @ApiProperty({ description: 'X-GitHub-Delivery.', example: '72d3162e-cc78-11e3-81ab-4c9367dc0958' })
  delivery!: string;

  @ApiProperty({ type: 'integer', description: 'Projects that name the repository.', example: 1 })
  matched!: number;

  @ApiProperty({
    description: '`duplicate`: this delivery was taken before and nothing was done again.',
    example: 'deployed',
  })
  outcome!: string;
}
