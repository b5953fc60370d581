import { BranchEntity, ProjectEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Of one question; those beyond are asked about with the next. */
const BRANCHES_AT_ONCE = 1_000;

/** A branch in doubt, and its project. */
export interface DoubtfulBranch {
  readonly branch: BranchEntity;
  readonly project: ProjectEntity;
}

/** Records which repositories are being asked where their branches in doubt stand. */
@Injectable()
export class BranchLookupsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Begins to ask a repository, unless another worker is asking it or it has to be left alone for a while.
   *
   * @param forMs how long no other worker asks, unless the question is renewed
   * @returns the number of the question; null when it is not to be asked now
   */
  async begin(repository: string, forMs: number): Promise<string | null> {
    const [row] = await this.unitOfWork.manager.query<{ claims: string }[]>(
      `INSERT INTO branch_lookups AS lookup (repository_key, claims, claimed_until)
       VALUES ($1, 1, now() + make_interval(secs => $2 / 1000.0))
       ON CONFLICT (repository_key) DO UPDATE SET claims = lookup.claims + 1, claimed_until = excluded.claimed_until
       WHERE (lookup.claimed_until IS NULL OR lookup.claimed_until < now())
         AND (lookup.not_before IS NULL OR lookup.not_before <= now())
       RETURNING claims`,
      [repository, forMs],
    );
    return row?.claims ?? null;
  }

  /** Says that the question is still being asked. */
  async renew(repository: string, question: string, forMs: number): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE branch_lookups SET claimed_until = now() + make_interval(secs => $3 / 1000.0)
       WHERE repository_key = $1 AND claims = $2 AND claimed_until IS NOT NULL`,
      [repository, question, forMs],
    );
  }

  /** Takes the question back: it was neither answered nor refused. */
  async withdraw(repository: string, question: string): Promise<void> {
    await this.unitOfWork.manager.query(
      'UPDATE branch_lookups SET claimed_until = NULL WHERE repository_key = $1 AND claims = $2',
      [repository, question],
    );
  }

  /** Records that the repository answered. */
  async answered(repository: string, question: string): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE branch_lookups SET claimed_until = NULL, failures = 0, not_before = NULL, error = NULL
       WHERE repository_key = $1 AND claims = $2`,
      [repository, question],
    );
  }

  /**
   * Records that the repository did not answer.
   *
   * @param backOffMs says how long to leave it alone, after so many failures in a row
   */
  async failed(
    repository: string,
    question: string,
    error: string,
    backOffMs: (failures: number) => number,
  ): Promise<void> {
    await this.unitOfWork.run(async ({ manager }) => {
      const [row] = await manager.query<{ failures: number }[]>(
        'SELECT failures FROM branch_lookups WHERE repository_key = $1 AND claims = $2 FOR UPDATE',
        [repository, question],
      );
      if (row === undefined) return;
      const failures = row.failures + 1;
      await manager.query(
        `UPDATE branch_lookups SET claimed_until = NULL, failures = $2, error = $3,
           not_before = now() + make_interval(secs => $4 / 1000.0) WHERE repository_key = $1`,
        [repository, failures, error, backOffMs(failures)],
      );
    });
  }

  /** Lets a repository be asked at once: access to it may have changed. */
  async forgive(repository: string): Promise<void> {
    await this.unitOfWork.manager.query(
      'UPDATE branch_lookups SET failures = 0, not_before = NULL WHERE repository_key = $1',
      [repository],
    );
  }

  /** Returns the branches in doubt of the active projects that name the repository, the longest in doubt first. */
  async branchesInDoubt(repository: string): Promise<DoubtfulBranch[]> {
    const { manager } = this.unitOfWork;
    const projects = await manager.findBy(ProjectEntity, { repositoryKey: repository, status: 'active' });
    const branches = await manager
      .createQueryBuilder(BranchEntity, 'branch')
      .where('branch.projectId = ANY(:ids) AND branch.inDoubtSince IS NOT NULL', {
        ids: projects.map(({ id }) => id),
      })
      .orderBy('branch.inDoubtSince')
      .limit(BRANCHES_AT_ONCE)
      .getMany();
    return branches.flatMap((branch) => {
      const project = projects.find(({ id }) => id === branch.projectId);
      return project === undefined ? [] : [{ branch, project }];
    });
  }

  /**
   * Returns repositories that have had branches in doubt for a while, and may be asked, in the order of their names.
   *
   * @param after only repositories that come after this one: where the batch before ended
   */
  async findForgotten(forMs: number, after: string, limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ repository: string }[]>(
      `SELECT DISTINCT project.repository_key AS repository
       FROM branches branch JOIN projects project ON project.id = branch.project_id
       LEFT JOIN branch_lookups lookup ON lookup.repository_key = project.repository_key
       WHERE branch.in_doubt_since < now() - make_interval(secs => $1 / 1000.0) AND project.status = 'active'
         AND (lookup.not_before IS NULL OR lookup.not_before <= now())
         AND (lookup.claimed_until IS NULL OR lookup.claimed_until < now()) AND project.repository_key > $2
       ORDER BY repository LIMIT $3`,
      [forMs, after, limit],
    );
    return rows.map(({ repository }) => repository);
  }
}
