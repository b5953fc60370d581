import { type DeliveryResult, joinDistinct } from '@nexos/domain';
import { affected, ProjectEntity, type Transaction, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { ACCEPT_DELIVERIES, type Accepted, acceptParameters, type NewDelivery } from './accept-deliveries.js';

/** A delivery waiting to be processed. */
export interface WaitingDelivery {
  readonly id: string;
  readonly seq: string;
  readonly event: string;
  /** The project whose own webhook it came through; null for the webhook of the installation. */
  readonly projectId: string | null;
  /** The signed JSON, compressed with gzip. */
  readonly body: Buffer | null;
  readonly forced: boolean;
  /** The API key or session that replayed it; null for its first processing. */
  readonly replayedBy: string | null;
  /** The failed attempts since it was received or replayed. */
  readonly attempts: number;
  /** Milliseconds until the next attempt is due; 0 when it is due now. */
  readonly retryInMs: number;
}

type StoredBody = Pick<WaitingDelivery, 'event' | 'body'>;

/** The waiting deliveries of all repositories. */
export interface DeliveryBacklog {
  readonly waiting: number;
  /** Seconds that the oldest one has waited; 0 when none waits. */
  readonly oldestSeconds: number;
}

/** The inbox: deliveries from receipt to outcome. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Accepts deliveries and enqueues the jobs that process them.
   *
   * @returns for each delivery whether it is new: an id is accepted once
   */
  async accept(deliveries: readonly NewDelivery[]): Promise<boolean[]> {
    const [accepted] = await this.unitOfWork.runStatement<Accepted>(
      ACCEPT_DELIVERIES,
      acceptParameters(deliveries),
      ([row]) => row?.jobs ?? [],
    );
    const isNew = new Set(accepted?.ids);
    // Of two deliveries with the same id in one batch, the first is new.
    return deliveries.map(({ id }) => isNew.delete(id));
  }

  /**
   * Locks the repository until the transaction ends, so that its deliveries are processed one at a time across all
   * processes. A frozen process loses the lock when Postgres ends its transaction.
   *
   * @returns false when another transaction holds the lock. It does not wait, because `now()` would then be the time
   *   before the wait.
   */
  async lockRepository(repository: string): Promise<boolean> {
    const [row] = await this.unitOfWork.manager.query<{ locked: boolean }[]>(
      `SELECT pg_try_advisory_xact_lock(hashtextextended('deliveries ' || $1, 0)) AS locked`,
      [repository],
    );
    return row?.locked === true;
  }

  /** Returns and locks the repository's first waiting delivery, in order of receipt. */
  async next(repository: string): Promise<WaitingDelivery | null> {
    const [row] = await this.unitOfWork.manager.query<WaitingDelivery[]>(
      `SELECT id, seq, event, project_id AS "projectId", body, forced, replayed_by AS "replayedBy", attempts,
         coalesce(greatest(0, ceil(extract(epoch FROM retry_at - now()) * 1000)), 0)::integer AS "retryInMs"
       FROM webhook_deliveries WHERE repository_key = $1 AND outcome = 'accepted' ORDER BY seq LIMIT 1 FOR UPDATE`,
      [repository],
    );
    return row ?? null;
  }

  /** Returns the last push of this commit that was skipped or left the branch in doubt; null if no push did. */
  async pushOf(projectId: string, branch: string, commitSha: string): Promise<StoredBody | null> {
    const pushes = (outcome: 'in-doubt' | 'skipped') =>
      `(SELECT event, body
        FROM webhook_deliveries delivery JOIN delivery_outcomes result ON result.delivery_seq = delivery.seq
        WHERE result.project_id = $1 AND result.outcome = '${outcome}' AND delivery.event = 'push'
          AND delivery.branch = $2 AND delivery.commit_sha = $3 ORDER BY delivery.seq DESC LIMIT 1)`;
    const [row] = await this.unitOfWork.manager.query<StoredBody[]>(
      `${pushes('in-doubt')} UNION ALL ${pushes('skipped')} LIMIT 1`,
      [projectId, branch, commitSha],
    );
    return row ?? null;
  }

  /** Returns, without locking, whether the repository's first waiting delivery is due. */
  async isAnyDue(repository: string): Promise<boolean> {
    const [row] = await this.unitOfWork.manager.query<{ isDue: boolean }[]>(
      `SELECT retry_at IS NULL OR retry_at <= now() AS "isDue" FROM webhook_deliveries
       WHERE repository_key = $1 AND outcome = 'accepted' ORDER BY seq LIMIT 1`,
      [repository],
    );
    return row?.isDue ?? false;
  }

  /**
   * Locks the active projects of the repository, ordered by id, so that two transactions lock the same rows in the
   * same order. Waits for a project that is just moving to or from the repository. Those that know the repository's id
   * belong to it whatever it is called.
   *
   * @param repository in lower case
   */
  lockProjects(
    repository: string,
    { repositoryId, previousName }: { repositoryId: string | null; previousName: string | null },
  ): Promise<ProjectEntity[]> {
    const status = 'active' as const;
    const byId = repositoryId === null ? [] : [{ status, repositoryId }];
    const byPreviousName =
      previousName === null
        ? []
        : [{ status, repositoryKey: previousName.toLowerCase(), repositoryId: IsNull() }];
    return this.unitOfWork.manager.find(ProjectEntity, {
      where: [{ status, repositoryKey: repository }, ...byId, ...byPreviousName],
      order: { id: 'ASC' },
      lock: { mode: 'for_no_key_update' },
    });
  }

  /**
   * Records the GitHub App installation of a delivery, unless a later delivery of the project has been processed:
   * then this one is a replay, and the installation may be gone. Ignored events do not count as later deliveries,
   * because they are not processed in order.
   *
   * @returns whether it was recorded
   */
  async setInstallation(
    projectId: string,
    installationId: string,
    { seq }: Pick<WaitingDelivery, 'seq'>,
  ): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        `UPDATE projects SET installation_id = $2
         WHERE id = $1 AND NOT EXISTS (
           SELECT 1 FROM delivery_outcomes WHERE project_id = $1 AND delivery_seq > $3 AND reason IS DISTINCT FROM 'event')`,
        [projectId, installationId, seq],
      ),
    );
  }

  /** Has those deliveries of the last day wait again that came before any project had the repository. */
  async reconsider(repository: string): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE webhook_deliveries SET outcome = 'accepted', reason = NULL, processed_at = NULL, attempts = 0
       WHERE repository_key = $1 AND outcome = 'ignored' AND reason = 'no_project' AND body IS NOT NULL
         AND received_at > now() - interval '1 day'`,
      [repository],
    );
  }

  /**
   * Records the outcome of a delivery.
   *
   * @param results the results by project
   * @param otherwise the outcome if the delivery concerns no project
   */
  async record(
    { seq }: WaitingDelivery,
    results: ReadonlyMap<string, DeliveryResult>,
    otherwise: Pick<DeliveryResult, 'outcome' | 'reason'>,
  ): Promise<{ outcome: string; reason: string | null }> {
    const all = results.size === 0 ? [otherwise] : [...results.values()];
    const outcome = joinDistinct(all.map((one) => one.outcome)) ?? otherwise.outcome;
    const reason = joinDistinct(all.map((one) => one.reason));
    await this.insertResults(seq, results);
    await this.unitOfWork.manager.query(
      `UPDATE webhook_deliveries SET outcome = $2, reason = $3, error = NULL, retry_at = NULL,
         attempts = attempts + 1, processed_at = now() WHERE seq = $1`,
      [seq, outcome, reason],
    );
    return { outcome, reason };
  }

  /**
   * Records a failed attempt and schedules the next one.
   *
   * @returns false, without changing anything, when another worker has processed or tried the delivery since
   */
  async retryLater({ seq, attempts }: WaitingDelivery, error: string, inMs: number): Promise<boolean> {
    return affected(
      await this.unitOfWork.manager.query(
        `UPDATE webhook_deliveries SET attempts = attempts + 1, error = $3,
           retry_at = now() + make_interval(secs => $4 / 1000.0)
         WHERE seq = $1 AND attempts = $2 AND outcome = 'accepted'`,
        [seq, attempts, error, inMs],
      ),
    );
  }

  /**
   * Marks a delivery as failed after its last attempt. Does not lock its projects, which do not change.
   *
   * @returns false, without changing anything, when another worker has processed or tried the delivery since
   */
  async fail(
    repository: string,
    { seq, attempts, projectId }: WaitingDelivery,
    error: string,
  ): Promise<boolean> {
    const { manager } = this.unitOfWork;
    const failed = affected(
      await manager.query(
        `UPDATE webhook_deliveries SET attempts = attempts + 1, error = $3, retry_at = NULL, processed_at = now(),
           outcome = 'failed', reason = 'error' WHERE seq = $1 AND attempts = $2 AND outcome = 'accepted'`,
        [seq, attempts, error],
      ),
    );
    if (!failed) return false;
    await manager.query(
      `INSERT INTO delivery_outcomes (project_id, delivery_seq, outcome, reason)
       SELECT id, $1, 'failed', 'error' FROM projects
       WHERE repository_key = $2 AND status = 'active' AND ($3::text IS NULL OR id = $3)`,
      [seq, repository, projectId],
    );
    return true;
  }

  /**
   * Returns repositories whose first delivery has waited for a while and is due, sorted by name. Deliveries behind
   * the first one wait their turn, however long that takes.
   *
   * @param after the last repository of the previous batch
   */
  async findStalled(olderThanMs: number, after: string, limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ repository: string }[]>(
      `SELECT repository FROM (
         SELECT DISTINCT ON (repository_key) repository_key AS repository, received_at, retry_at
         FROM webhook_deliveries WHERE outcome = 'accepted' AND repository_key > $2 ORDER BY repository_key, seq
       ) first
       WHERE received_at < now() - make_interval(secs => $1 / 1000.0) AND (retry_at IS NULL OR retry_at <= now())
       ORDER BY repository LIMIT $3`,
      [olderThanMs, after, limit],
    );
    return rows.map(({ repository }) => repository);
  }

  async backlog(): Promise<DeliveryBacklog> {
    const [row] = await this.unitOfWork.manager.query<DeliveryBacklog[]>(
      `SELECT count(*)::integer AS waiting,
         coalesce(extract(epoch FROM now() - min(received_at)), 0)::float AS "oldestSeconds"
       FROM webhook_deliveries WHERE outcome = 'accepted'`,
    );
    return row ?? { waiting: 0, oldestSeconds: 0 };
  }

  /**
   * Enqueues a delivery to be processed again, starting with attempt 1.
   *
   * @param options.force applies the push even if it is older than its branch's known head
   * @param options.actor the API key or session that requested it
   * @returns false when it cannot be replayed: its body was deleted, or it names no repository
   */
  async replay(
    transaction: Transaction,
    id: string,
    { force, actor }: { readonly force: boolean; readonly actor: string },
  ): Promise<boolean> {
    const [rows] = await transaction.manager.query<[{ seq: string; repository: string }[], number]>(
      `UPDATE webhook_deliveries SET outcome = 'accepted', reason = NULL, error = NULL, retry_at = NULL,
         processed_at = NULL, attempts = 0, forced = $2 OR (outcome = 'accepted' AND forced),
         replayed_at = now(), replayed_by = $3
       WHERE id = $1 AND body IS NOT NULL AND repository_key IS NOT NULL
       RETURNING seq, repository_key AS repository`,
      [id, force, actor],
    );
    const [row] = rows;
    if (row === undefined) return false;
    await transaction.manager.query('DELETE FROM delivery_outcomes WHERE delivery_seq = $1', [row.seq]);
    const payload = { repository: row.repository };
    transaction.enqueue({ queue: 'deliveries', name: 'process-deliveries', payload });
    return true;
  }

  private async insertResults(seq: string, results: ReadonlyMap<string, DeliveryResult>): Promise<void> {
    if (results.size === 0) return;
    const values = [...results.values()];
    await this.unitOfWork.manager.query(
      `INSERT INTO delivery_outcomes (project_id, delivery_seq, outcome, reason, deployment_id)
       SELECT project_id, $1, outcome, reason, deployment_id
       FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS r (project_id, outcome, reason, deployment_id)`,
      [
        seq,
        [...results.keys()],
        values.map(({ outcome }) => outcome),
        values.map(({ reason }) => reason),
        values.map(({ deploymentId }) => deploymentId),
      ],
    );
  }
}
