import type { DeliveryOutcome, DeliveryReason } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** The result of a delivery for one project. */
export interface DeliveryResultView {
  readonly projectId: string;
  readonly outcome: string;
  readonly reason: DeliveryReason | null;
  readonly deploymentId: string | null;
}

/** A delivery as the API shows it. */
export interface DeliveryView {
  readonly id: string;
  readonly event: string;
  readonly repository: string | null;
  readonly branch: string | null;
  readonly commitSha: string | null;
  readonly outcome: string;
  readonly reason: string | null;
  readonly error: string | null;
  readonly attempts: number;
  readonly receivedAt: Date;
  readonly processedAt: Date | null;
  readonly replayedAt: Date | null;
  readonly replayedBy: string | null;
  readonly results: readonly DeliveryResultView[];
}

interface OwnDelivery extends DeliveryView {
  /** Whether it came through the webhook of the App, and not through the project's own. */
  readonly isFromApp: boolean;
}

interface Page {
  readonly limit: number;
  /** The id of the last delivery of the previous page. */
  readonly cursor?: string | undefined;
}

/** An operator's filter of the list. */
export interface DeliveryFilter {
  /** Also matches one of several outcomes joined by commas. */
  readonly outcome?: DeliveryOutcome | undefined;
  /** `owner/name`, case-insensitive. */
  readonly repository?: string | undefined;
}

const COLUMNS = `d.id, d.event, d.repository, d.branch, d.commit_sha AS "commitSha", d.outcome, d.reason, d.error,
  d.attempts, d.received_at AS "receivedAt", d.processed_at AS "processedAt",
  d.replayed_at AS "replayedAt", d.replayed_by AS "replayedBy"`;
const RESULT = `jsonb_build_object('projectId', o.project_id, 'outcome', o.outcome, 'reason', o.reason,
  'deploymentId', o.deployment_id)`;
const RESULTS = `ARRAY(SELECT ${RESULT} FROM delivery_outcomes o WHERE o.delivery_seq = d.seq ORDER BY o.project_id)`;
/** Selects the rows after the cursor `$1`, or all rows if it is null. `column` is the sort column. */
const after = (column: 'd.seq' | 'o.delivery_seq') =>
  `($1::text IS NULL OR ${column} < (SELECT seq FROM webhook_deliveries WHERE id = $1))`;

/** Lists deliveries for operators and for the accounts they concern. */
@Injectable()
export class DeliveryLists {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns deliveries of all repositories, newest first; one more than `limit` if it exists. */
  ofAll({ limit, cursor }: Page, { outcome, repository }: DeliveryFilter = {}): Promise<DeliveryView[]> {
    return this.unitOfWork.manager.query<DeliveryView[]>(
      `SELECT ${COLUMNS}, ${RESULTS} AS results
       FROM webhook_deliveries d
       WHERE ${after('d.seq')} AND ($3::text IS NULL OR $3 = ANY(string_to_array(d.outcome, ',')))
         AND ($4::text IS NULL OR d.repository_key = $4)
       ORDER BY d.seq DESC LIMIT $2`,
      [cursor ?? null, limit + 1, outcome ?? null, repository?.toLowerCase() ?? null],
    );
  }

  async find(id: string): Promise<DeliveryView | null> {
    const [row] = await this.unitOfWork.manager.query<DeliveryView[]>(
      `SELECT ${COLUMNS}, ${RESULTS} AS results FROM webhook_deliveries d WHERE d.id = $1`,
      [id],
    );
    return row ?? null;
  }

  /**
   * Returns the deliveries that concern a project, newest first, each with its result for this project only; one more
   * than `limit` if it exists. Includes the waiting deliveries of its repository. Those that the project must not learn from say
   * nothing about the repository.
   *
   * @param project.mayLearn whether it may learn what deliveries say about a private repository
   */
  async ofProject(
    project: { readonly id: string; readonly repositoryKey: string; readonly mayLearn: boolean },
    { limit, cursor }: Page,
  ): Promise<DeliveryView[]> {
    const rows = await this.unitOfWork.manager.query<OwnDelivery[]>(
      `(SELECT d.seq, ${COLUMNS}, d.project_id IS NULL AS "isFromApp", ARRAY[${RESULT}] AS results
        FROM delivery_outcomes o JOIN webhook_deliveries d ON d.seq = o.delivery_seq
        WHERE o.project_id = $3 AND ${after('o.delivery_seq')} ORDER BY o.delivery_seq DESC LIMIT $2)
       UNION ALL
       (SELECT d.seq, ${COLUMNS}, d.project_id IS NULL AS "isFromApp", ARRAY[]::jsonb[] AS results FROM webhook_deliveries d
        WHERE d.repository_key = $4 AND d.outcome = 'accepted' AND (d.project_id IS NULL OR d.project_id = $3) AND ${after('d.seq')} ORDER BY d.seq DESC LIMIT $2)
       ORDER BY seq DESC LIMIT $2`,
      [cursor ?? null, limit + 1, project.id, project.repositoryKey],
    );
    return rows.map(({ isFromApp, ...delivery }) =>
      isFromApp && isWithheld(delivery, project.mayLearn)
        ? { ...delivery, repository: null, branch: null, commitSha: null }
        : delivery,
    );
  }
}

/** Whether the repository is private is known only once a delivery is processed. */
function isWithheld({ outcome, results: [result] }: DeliveryView, mayLearn: boolean): boolean {
  if (result?.reason === 'access_unconfirmed') return true;
  return !mayLearn && ['accepted', 'failed'].includes(result?.outcome ?? outcome);
}
