import { Conforms } from '../../http/conforms.decorator.js';
import { Optional } from '../../http/optional.decorator.js';
import { branchProblem, keyProblem, valueProblem } from '../env-var-rules.js';

/** One variable in the body of `PUT /projects/:id/env-vars`. */
export class PutVariableDto {
  @Conforms(keyProblem)
  key!: string;

  @Conforms(valueProblem)
  value!: string;

  /** A branch, or a glob of branches; left out, null or empty: all. */
  @Optional()
  @Conforms(branchProblem)
  branch?: string | null;
}
