import { type GithubReportKind } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/**
 * `told`: GitHub has the last state. `waiting`: it will be told, maybe again. `failed`: it refused, and is told again
 * when the state changes, or when GitHub may accept it now (`retryGivenUpReports`).
 */
export const GITHUB_REPORT_STATUSES = ['told', 'waiting', 'failed'] as const;
export type GithubReportStatus = (typeof GITHUB_REPORT_STATUSES)[number];

/** A report as the API shows it. */
export interface GithubReportView {
  readonly kind: GithubReportKind;
  readonly branch: string;
  /** Null for a comment and a skipped push. */
  readonly deploymentId: string | null;
  /** Null for a comment, and for a deployment without a known commit. */
  readonly commitSha: string | null;
  readonly status: GithubReportStatus;
  readonly state: string | null;
  readonly error: string | null;
  readonly failures: number;
  readonly updatedAt: Date;
  /** Null when GitHub need not be told. */
  readonly nextAttemptAt: Date | null;
}

const STATUS = `CASE WHEN report.told_version < report.version THEN 'waiting'
  WHEN report.error IS NULL THEN 'told' ELSE 'failed' END`;

/** Shows what became of the reports of a project to GitHub. */
@Injectable()
export class GithubReportLists {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns the reports that changed last, newest first; those of all statuses if none is given. */
  ofProject(
    projectId: string,
    { status, limit }: { readonly status?: GithubReportStatus | undefined; readonly limit: number },
  ): Promise<GithubReportView[]> {
    return this.unitOfWork.manager.query<GithubReportView[]>(
      `SELECT report.kind, report.branch, deployment.id AS "deploymentId",
         coalesce(deployment.commit_sha, report.skipped ->> 'commitSha') AS "commitSha", ${STATUS} AS status,
         report.state, report.error, report.failures, report.updated_at AS "updatedAt",
         CASE WHEN report.told_version < report.version
           THEN greatest(report.next_attempt_at, pause.until) END AS "nextAttemptAt"
       FROM github_reports report JOIN projects project ON project.id = report.project_id
         LEFT JOIN deployments deployment
           ON report.kind IN ('check', 'deployment') AND deployment.id = report.subject
         LEFT JOIN github_pauses pause ON pause.installation_id = project.installation_id
       WHERE report.project_id = $1 AND ($2::text IS NULL OR ${STATUS} = $2)
       ORDER BY report.updated_at DESC, report.id DESC LIMIT $3`,
      [projectId, status ?? null, limit],
    );
  }
}
