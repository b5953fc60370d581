import { type IdKind } from '@nexos/domain';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { idSchema } from './path-ids.js';

/** A field of a response that holds an id. */
export function IdProperty(
  kind: IdKind,
  options: { description?: string; nullable?: boolean } = {},
): PropertyDecorator {
  return ApiProperty({ ...idSchema(kind), ...options } as ApiPropertyOptions);
}
