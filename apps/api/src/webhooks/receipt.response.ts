import { ApiProperty } from '@nestjs/swagger';

/** The receipt of a delivery. */
export class ReceiptResponse {
  @ApiProperty({ description: 'X-GitHub-Delivery.', example: '72d3162e-cc78-11e3-81ab-4c9367dc0958' })
  delivery!: string;

  @ApiProperty({
    enum: ['accepted', 'duplicate'],
    description: '`duplicate`: a delivery of this id is known and has not failed; nothing is done again.',
    example: 'accepted',
  })
  outcome!: 'accepted' | 'duplicate';
}
