import { BranchEntity, ProjectEntity, UnitOfWork } from '@nexos/database';
import { type KnownBranch, NO_COMMIT } from '@nexos/domain';
import { Injectable } from '@nestjs/common';

/** A branch with an environment. */
export interface CheckedBranch extends KnownBranch {
  readonly projectId: string;
  /** Null when no push to the branch is known. */
  readonly missingSince: Date | null;
  readonly isInDoubt: boolean;
}

/** The claim of a check. */
export interface CheckClaim {
  /** The number of the claim, shared with lookups. */
  readonly id: string;
  /** The default branch at the last check. */
  readonly formerDefault: string | null;
  /** When the last check was; changes whenever somebody asks for another one. */
  readonly checkedAt: string | null;
}

/** Nothing can be learned about a project whose connection with GitHub is gone. */
const IS_CHECKED = `project.status = 'active'
  AND (project.paused_reason IS NULL OR project.paused_reason = 'repository_inaccessible')`;
const LIVE = `environment.status NOT IN ('destroying', 'destroyed') AND ${IS_CHECKED}`;
/** Whether a project is one of those that GitHub confirmed, or one of the others; the parameter is null for all. */
const hasAccess = (parameter: string) =>
  `(${parameter}::boolean IS NULL
    OR (project.access_checked_at IS NOT NULL OR project.predates_access_checks) = ${parameter})`;
/** Environments of forks follow pull requests, and no branch. */
const OF_BRANCH = `environment.branch NOT LIKE 'pull:%'`;
/** The names of so many branches are kept from one check to the next, of so many bytes in all. */
const MAX_HEADS = 10_000;
const MAX_HEADS_BYTES = 256 * 1024;

/** Tracks checks: comparisons of all branches that have an environment with the remote. */
@Injectable()
export class BranchChecksRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Returns repositories whose check is due, longest due first, and no more of them than belong into one sweep if the
   * checks of all repositories are spread over the interval. The first check is due an interval after the first environment
   * was created. Repositories with deliveries to process are not due. Those that are inaccessible, or whose new branches are
   * looked for after a pause, are checked without an environment too.
   */
  async findDue({ intervalMs, sweepMs }: { intervalMs: number; sweepMs: number }): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ repository: string }[]>(
      `WITH live AS (
         SELECT repository, min(since) AS since FROM (
           SELECT project.repository_key AS repository, environment.created_at AS since
           FROM projects project JOIN environments environment ON environment.project_id = project.id WHERE ${LIVE}
           UNION ALL
           SELECT repository_key, paused_at FROM projects
           WHERE paused_reason = 'repository_inaccessible' AND status = 'active'
           UNION ALL
           SELECT repository_key, updated_at FROM projects
           WHERE heads_when_paused IS NOT NULL AND paused_reason IS NULL AND status = 'active'
         ) checked GROUP BY repository
       )
       SELECT live.repository FROM live LEFT JOIN branch_lookups lookup ON lookup.repository_key = live.repository
       WHERE coalesce(lookup.checked_at, live.since) <= now() - make_interval(secs => $1::float8 / 1000)
         AND (lookup.not_before IS NULL OR lookup.not_before <= now())
         AND (lookup.claimed_until IS NULL OR lookup.claimed_until < now())
         AND NOT EXISTS (SELECT 1 FROM webhook_deliveries delivery
           WHERE delivery.repository_key = live.repository AND delivery.outcome = 'accepted')
       ORDER BY coalesce(lookup.checked_at, live.since), live.repository
       LIMIT (SELECT greatest(1, ceil(count(*) * least($2::float8 / $1::float8, 1)))::bigint FROM live)`,
      [intervalMs, sweepMs],
    );
    return rows.map(({ repository }) => repository);
  }

  /**
   * Claims the check of a repository, unless it is not due, the repository is in back-off, or another worker asks it.
   *
   * @param leaseMs how long the claim excludes other workers, unless it is renewed
   */
  async claim(repository: string, leaseMs: number, intervalMs: number): Promise<CheckClaim | null> {
    const [row] = await this.unitOfWork.manager.query<CheckClaim[]>(
      `INSERT INTO branch_lookups AS lookup (repository_key, claims, claimed_until)
       VALUES ($1, 1, now() + make_interval(secs => $2 / 1000.0))
       ON CONFLICT (repository_key) DO UPDATE SET claims = lookup.claims + 1, claimed_until = excluded.claimed_until
       WHERE (lookup.claimed_until IS NULL OR lookup.claimed_until < now())
         AND (lookup.not_before IS NULL OR lookup.not_before <= now())
         AND (lookup.checked_at IS NULL OR lookup.checked_at <= now() - make_interval(secs => $3 / 1000.0))
       RETURNING claims AS id, default_branch AS "formerDefault", checked_at::text AS "checkedAt"`,
      [repository, leaseMs, intervalMs],
    );
    return row ?? null;
  }

  /**
   * Records that a check has been done, with the default branch for the next one. The repository stays due if somebody has asked
   * for a check since this one began.
   *
   * @param found.heads the names of all branches; null when the host was not asked
   */
  async checked(
    repository: string,
    claim: CheckClaim,
    { defaultBranch, heads }: { defaultBranch: string | null; heads: readonly string[] | null },
  ): Promise<void> {
    const isKnown = heads !== null && heads.length > 0 && areFew(heads);
    await this.unitOfWork.manager.query(
      `UPDATE branch_lookups SET default_branch = $3, heads = CASE WHEN $4 THEN $5::text[] ELSE heads END,
         heads_at = CASE WHEN $4 THEN now() ELSE heads_at END,
         checked_at = CASE WHEN checked_at::text IS DISTINCT FROM $6 THEN checked_at ELSE now() END
       WHERE repository_key = $1 AND claims = $2`,
      [repository, claim.id, defaultBranch, heads !== null, isKnown ? heads : null, claim.checkedAt],
    );
  }

  /** Returns whether deliveries of the repository wait to be processed. */
  async hasDeliveries(repository: string): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<object[]>(
      `SELECT 1 FROM webhook_deliveries WHERE repository_key = $1 AND outcome = 'accepted' LIMIT 1`,
      [repository],
    );
    return rows.length > 0;
  }

  /**
   * Returns a project to ask with for the repository; null if none is to be checked. Prefers one that is not paused, then one that
   * may use the GitHub App, then one that knows its installation.
   *
   * @param isConfirmed whether only projects that GitHub confirmed count, or only the others; null: all
   */
  async projectToAsk(repository: string, isConfirmed: boolean | null = null): Promise<ProjectEntity | null> {
    const { manager } = this.unitOfWork;
    const [row] = await manager.query<{ id: string }[]>(
      `SELECT id FROM projects project WHERE repository_key = $1 AND ${IS_CHECKED} AND ${hasAccess('$2')}
       ORDER BY paused_reason IS NOT NULL, access_checked_at IS NULL AND NOT predates_access_checks,
         installation_id IS NULL, id LIMIT 1`,
      [repository, isConfirmed],
    );
    return row === undefined ? null : manager.findOneBy(ProjectEntity, { id: row.id });
  }

  /**
   * Returns the branches of the repository's active projects that have an environment.
   *
   * @param isConfirmed as for `projectToAsk`
   */
  liveBranches(
    repository: string,
    graceMs: number,
    isConfirmed: boolean | null = null,
  ): Promise<CheckedBranch[]> {
    return this.unitOfWork.manager.query<CheckedBranch[]>(
      `SELECT project.id AS "projectId", environment.branch AS name, branch.head_sha AS "headSha",
         branch.missing_since AS "missingSince", branch.missing_since IS NOT NULL AS "isMissing",
         coalesce(branch.missing_since <= now() - make_interval(secs => $2 / 1000.0), false) AS "isOverdue",
         branch.in_doubt_since IS NOT NULL AS "isInDoubt"
       FROM projects project JOIN environments environment ON environment.project_id = project.id
       LEFT JOIN branches branch ON branch.project_id = project.id AND branch.name = environment.branch
       WHERE project.repository_key = $1 AND ${LIVE} AND ${OF_BRANCH} AND ${hasAccess('$3')}
       ORDER BY project.id, environment.branch`,
      [repository, graceMs, isConfirmed],
    );
  }

  /** Returns whether any project of the repository knows the branch. */
  async isKnown(repository: string, branch: string): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<object[]>(
      `SELECT 1 FROM branches branch JOIN projects project ON project.id = branch.project_id
       WHERE project.repository_key = $1 AND branch.name = $2 LIMIT 1`,
      [repository, branch],
    );
    return rows.length > 0;
  }

  /** Records the head of a branch that no push has told, unless one has meanwhile. */
  async recordHead({ projectId, name }: CheckedBranch, tip: string): Promise<void> {
    await this.unitOfWork.manager.query(
      `INSERT INTO branches AS branch (project_id, name, head_sha, before_sha, asked_at) VALUES ($1, $2, $3, $4, now())
       ON CONFLICT (project_id, name) DO UPDATE
         SET head_sha = excluded.head_sha, asked_at = now(), missing_since = NULL
         WHERE branch.head_sha = $4 AND branch.in_doubt_since IS NULL`,
      [projectId, name, tip, NO_COMMIT],
    );
  }

  /** Records whether the branch is on the remote, unless a push has moved it meanwhile. */
  async recordMissing({ projectId, name, headSha }: CheckedBranch, isMissing: boolean): Promise<void> {
    await this.unitOfWork.manager.query(
      `INSERT INTO branches AS branch (project_id, name, head_sha, before_sha, missing_since)
       VALUES ($1, $2, $3, $3, CASE WHEN $4 THEN now() END)
       ON CONFLICT (project_id, name) DO UPDATE
         SET missing_since = CASE WHEN $4 THEN coalesce(branch.missing_since, now()) END WHERE branch.head_sha = $3`,
      [projectId, name, headSha ?? NO_COMMIT, isMissing],
    );
  }

  /** Puts a branch in doubt, as a push of unknown order does; null when a push has moved it meanwhile. */
  async putInDoubt({ projectId, name, headSha }: CheckedBranch): Promise<BranchEntity | null> {
    const { manager } = this.unitOfWork;
    await manager.query(
      `UPDATE branches SET in_doubt_since = now(), missing_since = NULL
       WHERE project_id = $1 AND name = $2 AND head_sha = $3 AND in_doubt_since IS NULL`,
      [projectId, name, headSha],
    );
    const branch = await manager.findOneBy(BranchEntity, { projectId, name });
    return branch?.headSha === headSha ? branch : null;
  }
}

function areFew(heads: readonly string[]): boolean {
  return heads.length <= MAX_HEADS && Buffer.byteLength(heads.join('')) <= MAX_HEADS_BYTES;
}
