import { GITHUB_REPORT_STATUSES, type GithubReportStatus } from '@nexos/state';
import { IsIn } from 'class-validator';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Optional } from '../../http/optional.decorator.js';
import { WholeNumberInQuery } from '../../http/whole-number.decorator.js';

const MAX_REPORTS = 100;

/** The query of what GitHub is told about a project. */
export class GithubReportsQuery {
  @ApiProperty({ description: 'Only reports with this status.', example: 'failed' })
  @Optional()
  @IsIn(GITHUB_REPORT_STATUSES, { message: `must be one of ${GITHUB_REPORT_STATUSES.join(', ')}` })
  status?: GithubReportStatus;

  @ApiProperty({ description: 'Maximum number of reports.' })
  @WholeNumberInQuery(1, MAX_REPORTS)
  limit = 50;
}
