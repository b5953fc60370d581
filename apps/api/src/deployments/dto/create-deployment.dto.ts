import { isBranchName } from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Matches } from 'class-validator';
import { Conforms } from '../../http/conforms.decorator.js';
import { Optional } from '../../http/optional.decorator.js';

/** Rejects `refs/heads/main`: a branch of that name may exist, but the caller means `main`. */
function branchNameProblem(value: unknown): string | null {
  if (typeof value !== 'string' || !isBranchName(value)) {
    return 'must be the name of a branch, such as main or feature/x';
  }
  return value.startsWith('refs/') ? 'must be the name of a branch, without refs/heads/' : null;
}

/** The body of `POST /projects/:id/deployments`. */
export class CreateDeploymentDto {
  @ApiProperty({
    type: 'string',
    required: false,
    minLength: 1,
    maxLength: 255,
    description: "The branch to deploy, without `refs/heads/`; the repository's default branch if left out.",
    example: 'main',
  })
  @Optional()
  @Conforms(branchNameProblem)
  branch?: string;

  @ApiProperty({ description: 'Full SHA of the commit; by default, the latest commit of the branch.' })
  @Optional()
  @Matches(/^[0-9a-f]{40}([0-9a-f]{24})?$/, {
    message: 'must be a full commit SHA of 40 or 64 lowercase hexadecimal digits',
  })
  commit_sha?: string;
}
