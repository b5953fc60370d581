import { MAX_VARIABLES } from '@nexos/domain';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateNested } from 'class-validator';
import { Conforms } from '../../http/conforms.decorator.js';
import { PutVariableDto } from './put-variable.dto.js';

const NO_OBJECTS = 'must hold objects with key and value';

/** Several variables as the body of `PUT /projects/:id/env-vars`. */
export class PutVariablesDto {
  @ApiProperty({ type: [PutVariableDto], minItems: 1, maxItems: MAX_VARIABLES })
  @ValidateNested({ each: true, message: NO_OBJECTS })
  // A list in a list would be looked into instead of being refused.
  @Conforms((list) => (Array.isArray(list) && list.some(isNoObject) ? NO_OBJECTS : null))
  @ArrayMaxSize(MAX_VARIABLES, { message: `must hold at most ${MAX_VARIABLES} variables` })
  @ArrayMinSize(1, { message: 'must hold a variable' })
  @IsArray({ message: 'must be a list' })
  @Type(() => PutVariableDto)
  variables!: PutVariableDto[];
}

function isNoObject(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Array.isArray(value);
}
