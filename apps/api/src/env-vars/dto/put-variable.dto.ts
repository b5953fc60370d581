import { BUILD_USES, type BuildUse } from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { IsBoolean } from 'class-validator';
import { Conforms } from '../../http/conforms.decorator.js';
import { Optional } from '../../http/optional.decorator.js';
import { branchProblem, buildProblem, keyProblem, valueProblem } from '../env-var-rules.js';

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

  @ApiProperty({
    description:
      'Whether logs show `[redacted]` in place of the value. By default as before, and true for a new variable.',
    example: true,
  })
  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  secret?: boolean;

  @ApiProperty({
    enum: BUILD_USES,
    nullable: true,
    required: false,
    description:
      '`secret`: steps with `RUN --mount=type=secret,id=KEY` can read it. `arg`: it is a build argument, which can be read back from the image. Null: builds do not get it. By default as before, and null for a new variable. The app gets it in any case.',
    example: 'secret',
  })
  @Optional()
  @Conforms(buildProblem)
  build?: BuildUse | null;
}
