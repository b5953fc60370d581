import { GITHUB_REPORT_KINDS, type GithubReportKind } from '@nexos/domain';
import { GITHUB_REPORT_STATUSES, type GithubReportStatus, type GithubReportView } from '@nexos/state';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** What GitHub is told about one deployment, branch or skipped push. */
export class GithubReportResponse {
  @ApiProperty({
    enum: GITHUB_REPORT_KINDS,
    description:
      'A `check` or a GitHub `deployment` of a deployment, the `comment` of a branch, or the check of a push that was skipped (`skip`).',
    example: 'check',
  })
  kind!: GithubReportKind;

  @ApiProperty({ example: 'main' })
  branch!: string;

  @IdProperty('deployment', { nullable: true })
  deployment_id!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null for a comment.',
    example: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
  })
  commit_sha!: string | null;

  @ApiProperty({
    enum: GITHUB_REPORT_STATUSES,
    description:
      '`told`: GitHub has the last state. `waiting`: GitHub will be told, again if `error` is set. `failed`: GitHub refused, and is told again when the state changes, a push comes, or the owner of the installation accepts new permissions or ends its suspension.',
    example: 'failed',
  })
  status!: GithubReportStatus;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: "The state that GitHub was told last, in GitHub's words.",
    example: null,
  })
  state!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Why the last attempt failed, and what to do if anything can be done; null after a success.',
    example:
      'The GitHub App has no access to octocat/my-app, or lacks the permission "checks: write". Grant it in the App\'s settings and accept it in the installation\'s.',
  })
  error!: string | null;

  @ApiProperty({ type: 'integer', description: 'Failed attempts in a row.', example: 3 })
  failures!: number;

  @TimeProperty({ description: 'When the state changed last, or the last attempt ended.' })
  updated_at!: string;

  @TimeProperty({ nullable: true, description: 'Null when GitHub need not be told.' })
  next_attempt_at!: string | null;
}

/** What GitHub is told about a project, and why not. */
export class GithubReportsResponse {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'Why GitHub is told nothing of this project at all, and what to do; null if nothing prevents it.',
    example: null,
  })
  obstacle!: string | null;

  @ApiProperty({ type: [GithubReportResponse], description: 'Those that changed last, newest first.' })
  reports!: GithubReportResponse[];
}

export function toGithubReportResponse(report: GithubReportView): GithubReportResponse {
  return {
    kind: report.kind,
    branch: report.branch,
    deployment_id: report.deploymentId,
    commit_sha: report.commitSha,
    status: report.status,
    state: report.state,
    error: report.error,
    failures: report.failures,
    updated_at: report.updatedAt.toISOString(),
    next_attempt_at: report.nextAttemptAt?.toISOString() ?? null,
  };
}
