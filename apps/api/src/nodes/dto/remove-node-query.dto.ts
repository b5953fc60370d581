import { IsIn } from 'class-validator';
import { ApiProperty } from '../../http/openapi/api-property.js';

const VALUES = ['true', 'false'] as const;

/** `?force` of the removal of a node. */
export class RemoveNodeQuery {
  @ApiProperty({
    description: 'Remove the node even if data or the only copy of an image is lost with it.',
  })
  @IsIn(VALUES, { message: 'must be true or false' })
  force: (typeof VALUES)[number] = 'false';
}
