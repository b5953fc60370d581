import { ApiProperty } from '../http/openapi/api-property.js';

/** The receipt of a delivery. */
export class ReceiptResponse {
  @ApiProperty({
    description: 'The X-GitHub-Delivery header.',
    example: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  })
  delivery!: string;

  @ApiProperty({
    enum: ['accepted', 'duplicate'],
    description:
      '`duplicate` if a delivery with this id was already received and has not failed; it is not processed again.',
    example: 'accepted',
  })
  outcome!: 'accepted' | 'duplicate';
}
