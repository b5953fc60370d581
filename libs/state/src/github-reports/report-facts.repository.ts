import { type CommentRow, type ReportedDeployment } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { ClaimedReport } from './github-reports.repository.js';

/** What a check or a GitHub Deployment shows. */
export interface DeploymentReportFacts {
  readonly deployment: ReportedDeployment;
  readonly branch: string;
  readonly hostname: string;
  /** Whether the environment is destroyed, or being destroyed. */
  readonly isDestroyed: boolean;
}

/** A row of a comment, with the host name in place of the URL. */
export type CommentFacts = Omit<CommentRow, 'url'> & { readonly hostname: string };

const IS_DESTROYED = `environment.status IN ('destroying', 'destroyed')`;
const DEPLOYMENT = `jsonb_build_object('id', deployment.id, 'status', deployment.status,
  'commitSha', deployment.commit_sha, 'failureCode', deployment.failure_code,
  'failureMessage', deployment.failure_message, 'skipReason', deployment.skip_reason, 'queuedAt', deployment.queued_at,
  'startedAt', deployment.started_at, 'liveAt', deployment.live_at, 'finishedAt', deployment.finished_at,
  'secondsToLive', extract(epoch FROM deployment.live_at - deployment.queued_at),
  'secondsToEnd', extract(epoch FROM deployment.finished_at - deployment.queued_at))`;

/** Reads what GitHub is told, as the database has it now. */
@Injectable()
export class ReportFactsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** @returns null when the deployment no longer exists */
  async ofDeployment(deploymentId: string): Promise<DeploymentReportFacts | null> {
    const [row] = await this.unitOfWork.manager.query<DeploymentReportFacts[]>(
      `SELECT ${DEPLOYMENT} AS deployment, deployment.branch,
         environment.hostname, ${IS_DESTROYED} AS "isDestroyed"
       FROM deployments deployment JOIN environments environment ON environment.id = deployment.environment_id
       WHERE deployment.id = $1`,
      [deploymentId],
    );
    return row ?? null;
  }

  /** Returns the newest environment of a branch in each project of the account and repository that shows comments. */
  ofBranch({ accountId, repositoryKey, branch }: ClaimedReport): Promise<CommentFacts[]> {
    return this.unitOfWork.manager.query<CommentFacts[]>(
      `SELECT DISTINCT ON (project.id) project.name AS project, environment.hostname,
         ${IS_DESTROYED} AS "isDestroyed", ${DEPLOYMENT} AS deployment, live.commit_sha AS "liveSha",
         report.remote ->> 'url' AS "checkUrl"
       FROM projects project
         JOIN environments environment ON environment.project_id = project.id AND environment.branch = $3
         JOIN deployments deployment ON deployment.id = environment.latest_deployment_id
         LEFT JOIN deployments live ON live.id = environment.live_deployment_id
         LEFT JOIN github_reports report ON report.kind = 'check' AND report.subject = deployment.id
       WHERE project.account_id = $1 AND project.repository_key = $2 AND project.github_comments
       ORDER BY project.id, environment.created_at DESC, environment.id DESC`,
      [accountId, repositoryKey, branch],
    );
  }
}
