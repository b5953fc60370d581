import { ApiProperty } from '@nestjs/swagger';
import { isBranchName } from '@nexos/github';
import { Matches, ValidateBy } from 'class-validator';
import { Optional } from '../../http/optional.decorator.js';

const IsBranchName = () =>
  ValidateBy({
    name: 'isBranchName',
    validator: {
      validate: (value) => typeof value === 'string' && isBranchName(value),
      defaultMessage: () => 'must be the name of a branch, such as main or feature/x',
    },
  });

/** The body of `POST /projects/:id/deployments`. */
export class CreateDeploymentDto {
  @ApiProperty({ type: 'string', minLength: 1, maxLength: 255, example: 'main' })
  @IsBranchName()
  branch!: string;

  /** The newest one of the branch, where it is left out. */
  @Optional()
  @Matches(/^[0-9a-f]{40}([0-9a-f]{24})?$/, {
    message: 'must be a whole commit SHA, 40 or 64 lower-case digits',
  })
  commit_sha?: string;
}
