import { type AuditAction, isId } from '@nexos/domain';
import { type AuditRecordEntity, queryNamed, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Which lines of the audit log to list; fields that are left out match all. */
export interface AuditFilter {
  readonly accountId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly projectIds?: readonly string[] | undefined;
  readonly action?: AuditAction | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly address?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** Where a step begins, and how many lines it returns at most. */
export interface AuditStepRequest {
  readonly limit: number;
  /** Only lines older than this one. */
  readonly cursor?: string | undefined;
}

/** Lines, newest first. */
export interface AuditStep {
  readonly lines: AuditRecordEntity[];
  /** The cursor of the next step, which may have lines even if this one has none; null at the end of the log. */
  readonly next: string | null;
}

/** Rows that one step looks at, whether they match or not. */
const LOOKS = 5_000;
/** Longer than any transaction. `at` is when it began, and `seq` is taken later, when it writes the line. */
const LONGEST_TRANSACTION_MS = 3_600_000;

const CONDITIONS: Readonly<Record<keyof AuditFilter, string>> = {
  accountId: 'account_id = :accountId',
  projectId: 'project_id = :projectId',
  projectIds: 'project_id = ANY(:projectIds)',
  action: 'action = :action',
  actor: 'actor = :actor',
  subject: 'subject = :subject',
  address: 'address = :address',
  since: 'at >= :since',
  until: 'at < :until',
};
/** Filters that have an index with `seq`. The first one that is given is the one whose rows are looked at. */
const INDEXED = ['subject', 'projectId', 'accountId', 'address', 'actor', 'action'] as const;

const COLUMNS = `seq, at, account_id AS "accountId", project_id AS "projectId", action, actor, actor_name AS "actorName",
  address, request_id AS "requestId", subject, before, after`;

/** Reads the audit log in steps, each of which looks at a limited number of rows, however few match. */
@Injectable()
export class AuditReader {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Reads the next lines that match. Without a filter that has no index, a step ends only at its limit or at the end. */
  async step(filter: AuditFilter, { limit, cursor }: AuditStepRequest): Promise<AuditStep> {
    const { manager } = this.unitOfWork;
    const range = await this.rangeOf(filter, cursor);
    const first = indexedOf(filter);
    const looked = [...range.conditions, ...(first === undefined ? [] : [CONDITIONS[first]])];
    const others = (Object.keys(CONDITIONS) as (keyof AuditFilter)[])
      .filter((name) => name !== first && filter[name] !== undefined)
      .map((name) => CONDITIONS[name]);
    const rows = `SELECT * FROM audit_log WHERE ${looked.join(' AND ') || 'true'} ORDER BY seq DESC`;
    const parameters = { ...filter, ...range.parameters, limit, looks: LOOKS };
    const lines = await queryNamed<AuditRecordEntity>(
      manager,
      others.length === 0
        ? `SELECT ${COLUMNS} FROM (${rows} LIMIT :limit) line`
        : `SELECT ${COLUMNS} FROM (${rows} LIMIT :looks) line WHERE ${others.join(' AND ')} ORDER BY seq DESC LIMIT :limit`,
      parameters,
    );
    if (lines.length === limit) return { lines, next: lines.at(-1)?.seq ?? null };
    if (others.length === 0) return { lines, next: null };
    const [last] = await queryNamed<{ seq: string }>(
      manager,
      `SELECT seq FROM (${rows}) line OFFSET :looks - 1 LIMIT 1`,
      parameters,
    );
    return { lines, next: last?.seq ?? null };
  }

  /**
   * Returns a time before which no line is added any more. Lines get the time at which their transaction began, and appear
   * when it commits.
   */
  async settledUntil(): Promise<Date> {
    // A transaction that begins right now may not be in the view yet.
    const [row] = await this.unitOfWork.manager.query<{ at: Date }[]>(
      `SELECT least(min(xact_start), now() - interval '1 second') AS at FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = current_setting('application_name')
         AND pid <> pg_backend_pid()`,
    );
    if (row === undefined) throw new Error('the database did not return its time');
    return row.at;
  }

  /** Returns a range of `seq` that has all lines of the filter's times, so that no others are looked at. */
  private async rangeOf({ since, until }: AuditFilter, cursor: string | undefined) {
    const conditions: string[] = [];
    const parameters: Record<string, string> = {};
    const add = (name: string, condition: string, seq: string | undefined) => {
      if (seq === undefined) return;
      conditions.push(condition);
      parameters[name] = seq;
    };
    add('cursor', 'seq < :cursor', cursor);
    if (since !== undefined) add('above', 'seq > :above', await this.lastBefore(since));
    if (until !== undefined) add('below', 'seq < :below', await this.firstAfter(until));
    return { conditions, parameters };
  }

  private async lastBefore(time: Date): Promise<string | undefined> {
    const [row] = await this.unitOfWork.manager.query<{ seq: string }[]>(
      'SELECT seq FROM audit_log WHERE at < $1 ORDER BY at DESC LIMIT 1',
      [new Date(time.getTime() - LONGEST_TRANSACTION_MS)],
    );
    return row?.seq;
  }

  private async firstAfter(time: Date): Promise<string | undefined> {
    const [row] = await this.unitOfWork.manager.query<{ seq: string }[]>(
      'SELECT seq FROM audit_log WHERE at >= $1 ORDER BY at LIMIT 1',
      [new Date(time.getTime() + LONGEST_TRANSACTION_MS)],
    );
    return row?.seq;
  }
}

/** Returns the filter whose rows are looked at. An API key or a session belongs to one account, and so has fewer lines. */
function indexedOf(filter: AuditFilter): (typeof INDEXED)[number] | undefined {
  const { actor = '' } = filter;
  const isCredential = isId('apiKey', actor) || isId('session', actor);
  if (isCredential && filter.subject === undefined && filter.projectId === undefined) return 'actor';
  return INDEXED.find((name) => filter[name] !== undefined);
}
