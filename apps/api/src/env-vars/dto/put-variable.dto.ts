import { ApiProperty } from '../../http/openapi/api-property.js';
import { Conforms } from '../../http/conforms.decorator.js';
import { Optional } from '../../http/optional.decorator.js';
import { branchProblem, keyProblem, valueProblem } from '../env-var-rules.js';

/** One variable in the body of `PUT /projects/:id/env-vars`. */
export class PutVariableDto {
  @ApiProperty({
    type: 'string',
    description: 'Name of the variable: letters, digits and underscores, not beginning with a digit.',
    example: 'API_TOKEN',
    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
    maxLength: 128,
  })
  @Conforms(keyProblem)
  key!: string;

  @ApiProperty({ type: 'string', example: 'secret', maxLength: 32_768 })
  @Conforms(valueProblem)
  value!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    required: false,
    description: 'A branch or a glob of branches; all branches if left out, null or empty.',
    example: 'feature/*',
    maxLength: 255,
  })
  @Optional()
  @Conforms(branchProblem)
  branch?: string | null;
}
