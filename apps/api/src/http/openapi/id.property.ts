import type { ApiPropertyOptions } from '@nestjs/swagger';
import { ApiProperty } from './api-property.js';
import { idSchema, type PathIdKind } from './path-ids.js';

/** Declares a field of a response that holds an id. */
export function IdProperty(
  kind: PathIdKind,
  options: { description?: string; nullable?: boolean } = {},
): PropertyDecorator {
  return ApiProperty({ ...idSchema(kind), ...options } as ApiPropertyOptions);
}
