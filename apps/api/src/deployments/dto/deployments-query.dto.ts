import { DEPLOYMENT_STATUSES, type DeploymentStatus } from '@nexos/domain';
import { IsIn, Matches } from 'class-validator';
import { Optional } from '../../http/optional.decorator.js';
import { PageQuery } from '../../http/page.js';

/** The query of a list of deployments. */
export class DeploymentsQuery extends PageQuery {
  @Optional()
  @IsIn(DEPLOYMENT_STATUSES, { message: `must be one of ${DEPLOYMENT_STATUSES.join(', ')}` })
  status?: DeploymentStatus;

  @Optional()
  @Matches(/^[^\p{Cc}]{1,255}$/u, { message: 'must be a branch name of 1 to 255 characters' })
  branch?: string;
}
