import { ApiProperty } from '../../http/openapi/api-property.js';
import { Conforms } from '../../http/conforms.decorator.js';
import { Optional } from '../../http/optional.decorator.js';
import { branchProblem } from '../env-var-rules.js';

/** `?branch` of `PUT /projects/:id/env-vars` with `.env` text: the branches that its variables apply to. */
export class PutVariablesQuery {
  @ApiProperty({
    type: 'string',
    required: false,
    description: 'For `.env` text: a branch or a glob of branches; all branches if left out.',
    example: 'feature/*',
    maxLength: 255,
  })
  @Optional()
  @Conforms(branchProblem)
  branch?: string;
}
