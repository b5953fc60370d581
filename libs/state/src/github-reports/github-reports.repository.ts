import { affected, type GithubRemote, type GithubReportEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** A report that a worker is telling GitHub. */
export interface ClaimedReport extends Pick<
  GithubReportEntity,
  'id' | 'kind' | 'subject' | 'branch' | 'skipped' | 'version' | 'told' | 'remote' | 'attempts'
> {
  /** Whether GitHub may have more than is recorded. */
  readonly wasInDoubt: boolean;
  readonly accountId: string;
  readonly projectSlug: string;
  readonly repositoryKey: string;
  /** `owner/name` */
  readonly repository: string;
  /** Null when it is no longer known. */
  readonly installationId: string | null;
  /** Whether the project may use the installation where GitHub has to confirm that. */
  readonly isConfirmed: boolean;
}

/** What GitHub was told. */
export interface ToldReport {
  /** Digest of the content. */
  readonly told: string;
  /** The state in GitHub's words. */
  readonly state: string;
}

interface RetryRules {
  readonly retryMs: number;
  readonly retryForMs: number;
}

const LONGEST_RETRY_MS = 300_000;
/** A refusal may pass, such as one of a commit that was pushed a moment ago. */
const MAX_REFUSALS = 3;

const IS_DUE = `report.told_version < report.version AND report.next_attempt_at <= now()
  AND (report.lease_until IS NULL OR report.lease_until < now())
  AND NOT EXISTS (SELECT 1 FROM github_pauses pause
                  WHERE pause.installation_id = project.installation_id AND pause.until > now())`;

/** What GitHub is to be told: what waits, what is being told, and what became of it. */
@Injectable()
export class GithubReportsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Finds reports that can be told now. */
  async findDue(limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT report.id FROM github_reports report JOIN projects project ON project.id = report.project_id
       WHERE ${IS_DUE} ORDER BY random() LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Claims a report, so that no other worker tells GitHub of the same subject meanwhile.
   *
   * @param busyInstallations installations that get no more requests for now
   * @returns null when it cannot be told now
   */
  async claim(
    id: string,
    leaseMs: number,
    busyInstallations: readonly string[] = [],
  ): Promise<ClaimedReport | null> {
    const [rows] = await this.unitOfWork.manager.query<[ClaimedReport[], number]>(
      `WITH due AS (
         SELECT report.id, report.in_doubt, project.account_id, project.slug, project.repository_key, project.github_repo,
           project.installation_id,
           project.access_checked_at IS NOT NULL OR project.predates_access_checks AS is_confirmed
         FROM github_reports report JOIN projects project ON project.id = report.project_id
         WHERE report.id = $1 AND ${IS_DUE} AND coalesce(project.installation_id, 0) <> ALL($3::bigint[])
         FOR NO KEY UPDATE OF report SKIP LOCKED)
       UPDATE github_reports claimed
       SET attempts = attempts + 1, in_doubt = true, lease_until = now() + make_interval(secs => $2 / 1000.0)
       FROM due WHERE claimed.id = due.id
       RETURNING claimed.id, claimed.kind, claimed.subject, claimed.branch, claimed.skipped, claimed.version, claimed.told,
         claimed.remote, claimed.attempts, due.in_doubt AS "wasInDoubt", due.account_id AS "accountId", due.slug AS "projectSlug",
         due.repository_key AS "repositoryKey", due.github_repo AS repository,
         due.installation_id AS "installationId", due.is_confirmed AS "isConfirmed"`,
      [id, leaseMs, busyInstallations],
    );
    return rows[0] ?? null;
  }

  /** Keeps a claim for longer; returns false when another worker has claimed the report since. */
  async extend({ id, attempts }: ClaimedReport, leaseMs: number): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        `UPDATE github_reports SET lease_until = now() + make_interval(secs => $3 / 1000.0)
         WHERE id = $1 AND attempts = $2`,
        [id, attempts, leaseMs],
      ),
    );
  }

  /** Records what GitHub has now, while the report is being told. */
  async keepRemote({ id, attempts }: ClaimedReport, remote: GithubRemote): Promise<void> {
    await this.unitOfWork.manager.query(
      'UPDATE github_reports SET remote = $3 WHERE id = $1 AND attempts = $2',
      [id, attempts, remote],
    );
  }

  /**
   * Records that GitHub knows the version that was claimed.
   *
   * @param report null when there was nothing to tell
   */
  async recordTold(claimed: ClaimedReport, report: ToldReport | null): Promise<void> {
    const { id, attempts, version, wasInDoubt } = claimed;
    const isRecorded = affected(
      await this.unitOfWork.manager.query(
        `UPDATE github_reports SET told_version = $3, told = coalesce($4, told), state = coalesce($5, state),
           in_doubt = $6, failures = 0, refusals = 0, first_failed_at = NULL, error = NULL, lease_until = NULL,
           updated_at = now()
         WHERE id = $1 AND attempts = $2`,
        [id, attempts, version, report?.told ?? null, report?.state ?? null, report === null && wasInDoubt],
      ),
    );
    if (!isRecorded) await this.tellAgain(claimed);
  }

  /** Has a report told again that another worker took: GitHub may have got the older state last. */
  async tellAgain({ id }: ClaimedReport): Promise<void> {
    await this.unitOfWork.manager.query(
      'UPDATE github_reports SET version = version + 1, told = NULL, updated_at = now() WHERE id = $1',
      [id],
    );
  }

  /** Hands a report back without an attempt, until a time has passed. */
  async postpone({ id, attempts, wasInDoubt }: ClaimedReport, ms: number): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE github_reports SET lease_until = NULL, in_doubt = $3,
         next_attempt_at = now() + make_interval(secs => $4 / 1000.0)
       WHERE id = $1 AND attempts = $2`,
      [id, attempts, wasInDoubt, ms],
    );
  }

  /** Hands a report back because the worker stops. GitHub may have got a request. */
  async release({ id, attempts }: ClaimedReport): Promise<void> {
    await this.unitOfWork.manager.query(
      'UPDATE github_reports SET lease_until = NULL WHERE id = $1 AND attempts = $2',
      [id, attempts],
    );
  }

  /**
   * Records a failed attempt, and when the next one is. After a day of them the version is given up.
   *
   * @param retryAfterMs how long GitHub asks to wait; null if it does not say
   */
  async recordFailed(
    { id, attempts, version }: ClaimedReport,
    error: string,
    retryAfterMs: number | null,
    { retryMs, retryForMs }: RetryRules,
  ): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE github_reports SET failures = failures + 1, first_failed_at = coalesce(first_failed_at, now()),
         error = $3, lease_until = NULL, updated_at = now(),
         told_version = CASE WHEN first_failed_at < now() - make_interval(secs => $7 / 1000.0) THEN $4
           ELSE told_version END,
         next_attempt_at = now() + make_interval(
           secs => greatest(least($5 * power(2, least(failures, 20)), ${LONGEST_RETRY_MS}), $6) / 1000.0)
       WHERE id = $1 AND attempts = $2`,
      [id, attempts, error, version, retryMs, retryAfterMs ?? 0, retryForMs],
    );
  }

  /**
   * Records that GitHub refused. After a few refusals the version is given up, with the reason; a later version is tried
   * again.
   *
   * @returns whether it was given up
   */
  async recordRefused(
    { id, attempts, version }: ClaimedReport,
    error: string,
    { retryMs }: Pick<RetryRules, 'retryMs'>,
  ): Promise<boolean> {
    const [rows] = await this.unitOfWork.manager.query<[{ isOver: boolean }[], number]>(
      `UPDATE github_reports SET failures = failures + 1, refusals = (refusals + 1) % ${MAX_REFUSALS}, error = $3,
         lease_until = NULL, updated_at = now(),
         told_version = CASE WHEN refusals + 1 >= ${MAX_REFUSALS} THEN $4 ELSE told_version END,
         next_attempt_at = now() + make_interval(
           secs => CASE WHEN refusals + 1 >= ${MAX_REFUSALS} THEN 0 ELSE $5 * power(2, refusals) / 1000.0 END)
       WHERE id = $1 AND attempts = $2
       RETURNING refusals = 0 AS "isOver"`,
      [id, attempts, error, version, retryMs],
    );
    return rows[0]?.isOver ?? false;
  }

  /** Has an installation get no requests for a time. */
  async pause(installationId: string, ms: number): Promise<void> {
    await this.unitOfWork.manager.query(
      `INSERT INTO github_pauses AS pause (installation_id, until)
       VALUES ($1, now() + make_interval(secs => $2 / 1000.0))
       ON CONFLICT (installation_id) DO UPDATE SET until = greatest(pause.until, excluded.until)`,
      [installationId, ms],
    );
  }
}
