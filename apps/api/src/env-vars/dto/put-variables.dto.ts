import { MAX_VARIABLES } from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateNested } from 'class-validator';
import { Conforms } from '../../http/conforms.decorator.js';
import { PutVariableDto } from './put-variable.dto.js';

const ITEMS_RULE = 'must be a list of objects with key and value';

/** Several variables as the body of `PUT /projects/:id/env-vars`. */
export class PutVariablesDto {
  @ApiProperty({ type: [PutVariableDto], minItems: 1, maxItems: MAX_VARIABLES })
  @ValidateNested({ each: true, message: ITEMS_RULE })
  // class-validator would validate the items of a nested list instead of rejecting the list.
  @Conforms((list) => (Array.isArray(list) && list.some(isNotObject) ? ITEMS_RULE : null))
  @ArrayMaxSize(MAX_VARIABLES, { message: `must have at most ${MAX_VARIABLES} variables` })
  @ArrayMinSize(1, { message: 'must have at least one variable' })
  @IsArray({ message: 'must be a list' })
  @Type(() => PutVariableDto)
  variables!: PutVariableDto[];
}

function isNotObject(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Array.isArray(value);
}
