import { DEPLOYMENT_STATUSES, type DeploymentStatus } from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { IsIn, Matches } from 'class-validator';
import { Optional } from '../../http/optional.decorator.js';
import { PageOf } from '../../http/page.js';

/** The query of a list of deployments. */
export class DeploymentsQuery extends PageOf('deployment') {
  @Optional()
  @IsIn(DEPLOYMENT_STATUSES, { message: `must be one of ${DEPLOYMENT_STATUSES.join(', ')}` })
  status?: DeploymentStatus;

  @ApiProperty({
    type: 'string',
    description: 'The exact name of a branch, not a glob.',
    example: 'main',
  })
  @Optional()
  @Matches(/^[^\p{Cc}]{1,255}$/u, { message: 'must be a branch name of 1 to 255 characters' })
  branch?: string;
}
