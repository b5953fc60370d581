import { BranchEntity, ProjectEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { CHECK_SOON } from './check-soon.js';

/** The most branches of one lookup; the next lookup covers the others. */
const MAX_BRANCHES = 1_000;

/** A branch in doubt, and its project. */
export interface BranchInDoubt {
  readonly branch: BranchEntity;
  readonly project: ProjectEntity;
}

/** Tracks lookups: requests to a remote repository for the heads of its branches in doubt. */
@Injectable()
export class BranchLookupsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Claims the lookup of a repository, unless another worker holds it or the repository is in back-off.
   *
   * @param leaseMs how long the claim excludes other workers, unless it is renewed
   * @returns the number of the claim; null when the lookup may not start now
   */
  async claim(repository: string, leaseMs: number): Promise<string | null> {
    const [row] = await this.unitOfWork.manager.query<{ claims: string }[]>(
      `INSERT INTO branch_lookups AS lookup (repository_key, claims, claimed_until)
       VALUES ($1, 1, now() + make_interval(secs => $2 / 1000.0))
       ON CONFLICT (repository_key) DO UPDATE SET claims = lookup.claims + 1, claimed_until = excluded.claimed_until
       WHERE (lookup.claimed_until IS NULL OR lookup.claimed_until < now())
         AND (lookup.not_before IS NULL OR lookup.not_before <= now())
       RETURNING claims`,
      [repository, leaseMs],
    );
    return row?.claims ?? null;
  }

  /** Renews a claim. */
  async renew(repository: string, claim: string, leaseMs: number): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE branch_lookups SET claimed_until = now() + make_interval(secs => $3 / 1000.0)
       WHERE repository_key = $1 AND claims = $2 AND claimed_until IS NOT NULL`,
      [repository, claim, leaseMs],
    );
  }

  /** Releases a claim whose lookup neither succeeded nor failed. */
  async release(repository: string, claim: string): Promise<void> {
    await this.unitOfWork.manager.query(
      'UPDATE branch_lookups SET claimed_until = NULL WHERE repository_key = $1 AND claims = $2',
      [repository, claim],
    );
  }

  /** Records a successful lookup and releases its claim. */
  async answered(repository: string, claim: string): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE branch_lookups SET claimed_until = NULL, failures = 0, not_before = NULL, error = NULL
       WHERE repository_key = $1 AND claims = $2`,
      [repository, claim],
    );
  }

  /**
   * Records a failed lookup and backs off.
   *
   * @param backOffMs returns the back-off after the given number of consecutive failures
   * @returns the number of consecutive failures; null when another worker has claimed the lookup since
   */
  async failed(
    repository: string,
    claim: string,
    error: string,
    backOffMs: (failures: number) => number,
  ): Promise<number | null> {
    return this.unitOfWork.run(async ({ manager }) => {
      const [row] = await manager.query<{ failures: number }[]>(
        'SELECT failures FROM branch_lookups WHERE repository_key = $1 AND claims = $2 FOR UPDATE',
        [repository, claim],
      );
      if (row === undefined) return null;
      const failures = row.failures + 1;
      await manager.query(
        `UPDATE branch_lookups SET claimed_until = NULL, failures = $2, error = $3,
           not_before = now() + make_interval(secs => $4 / 1000.0) WHERE repository_key = $1`,
        [repository, failures, error, backOffMs(failures)],
      );
      return failures;
    });
  }

  /** Ends a repository's back-off and has its branches checked: access to it may have changed. */
  async endBackOff(repository: string): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE branch_lookups SET failures = 0, not_before = NULL, checked_at = ${CHECK_SOON} WHERE repository_key = $1`,
      [repository],
    );
  }

  /** Returns the branches in doubt of the repository's active projects, longest in doubt first. */
  async branchesInDoubt(repository: string): Promise<BranchInDoubt[]> {
    const { manager } = this.unitOfWork;
    const projects = await manager.findBy(ProjectEntity, { repositoryKey: repository, status: 'active' });
    const branches = await manager
      .createQueryBuilder(BranchEntity, 'branch')
      .where('branch.projectId = ANY(:ids) AND branch.inDoubtSince IS NOT NULL', {
        ids: projects.map(({ id }) => id),
      })
      .orderBy('branch.inDoubtSince')
      .limit(MAX_BRANCHES)
      .getMany();
    return branches.flatMap((branch) => {
      const project = projects.find(({ id }) => id === branch.projectId);
      return project === undefined ? [] : [{ branch, project }];
    });
  }

  /**
   * Returns repositories that have had branches in doubt for a while and may be looked up now, sorted by name.
   *
   * @param after the last repository of the previous batch
   */
  async findStalled(olderThanMs: number, after: string, limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ repository: string }[]>(
      `SELECT DISTINCT project.repository_key AS repository
       FROM branches branch JOIN projects project ON project.id = branch.project_id
       LEFT JOIN branch_lookups lookup ON lookup.repository_key = project.repository_key
       WHERE branch.in_doubt_since < now() - make_interval(secs => $1 / 1000.0) AND project.status = 'active'
         AND (lookup.not_before IS NULL OR lookup.not_before <= now())
         AND (lookup.claimed_until IS NULL OR lookup.claimed_until < now()) AND project.repository_key > $2
       ORDER BY repository LIMIT $3`,
      [olderThanMs, after, limit],
    );
    return rows.map(({ repository }) => repository);
  }
}
