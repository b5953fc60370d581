import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { type Job } from '@nexos/contracts';
import { type EventData } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  fromRawOutboxRow,
  insertOutboxRows,
  type OutboxRow,
  type RawOutboxRow,
} from './outbox/outbox-rows.js';
import { postgresErrorCode } from './postgres-error-code.js';
import { runPrepared, type PreparedQuery } from './prepared-query.js';

/** An event that a transaction wrote down. */
export interface RecordedEvent {
  readonly of: 'deployment' | 'environment';
  readonly seq: string;
  readonly type: string;
  readonly data: EventData;
}

/** One database transaction, and the jobs that follow from it. */
export class Transaction {
  readonly jobs: { job: Job; delayMs: number }[] = [];
  readonly events: RecordedEvent[] = [];

  constructor(readonly manager: EntityManager) {}

  /**
   * Has the job put on its queue once, and only if, the transaction commits.
   *
   * @param delayMs how long the queue is to hold it back
   */
  enqueue(job: Job, delayMs = 0): void {
    this.jobs.push({ job, delayMs });
  }

  /** Has an event passed on once the transaction commits: one job for its consumers, and listeners of this process. */
  record(event: RecordedEvent): void {
    this.events.push(event);
    const payload = { seq: event.seq };
    this.enqueue(
      event.of === 'deployment'
        ? { queue: 'notify', name: 'deployment-event', payload }
        : { queue: 'notify', name: 'environment-event', payload },
    );
  }

  /** Has statements from here on fail that wait for a lock for longer than this. */
  async limitLockWaits(ms: number): Promise<void> {
    await this.manager.query(`SELECT set_config('lock_timeout', $1, true)`, [String(ms)]);
  }
}

const MAX_ATTEMPTS = 3;
const DEADLOCK_DETECTED = '40P01';

type CommitListener = (rows: readonly OutboxRow[]) => void;

/**
 * Changes state and decides on work in one transaction: either both are kept or neither is. The jobs are
 * written to the outbox; whoever listens is told of them right after the commit.
 */
@Injectable()
export class UnitOfWork {
  private readonly running = new AsyncLocalStorage<Transaction>();
  private readonly events = new EventEmitter<{
    committed: [readonly OutboxRow[]];
    recorded: [readonly RecordedEvent[]];
  }>();

  constructor(private readonly dataSource: DataSource) {}

  onCommitted(listener: CommitListener): void {
    this.events.on('committed', listener);
  }

  /** Tells of the events of each transaction once, after it was committed. */
  onRecorded(listener: (events: readonly RecordedEvent[]) => void): void {
    this.events.on('recorded', listener);
  }

  /** @throws when the database does not answer */
  async ping(): Promise<void> {
    await this.dataSource.query('SELECT 1');
  }

  /** The time by the database's clock, which all processes share. */
  async now(): Promise<Date> {
    const [row] = await this.manager.query<{ now: Date }[]>('SELECT now() AS now');
    if (row === undefined) throw new Error('the database did not answer with its time');
    return row.now;
  }

  /** Runs a query that is asked all the time: prepared, and outside of any transaction. */
  readPrepared<Row extends object>(query: PreparedQuery, values: readonly unknown[]): Promise<Row[]> {
    return runPrepared<Row>(this.dataSource, query, values);
  }

  /** Asks in the transaction that this is called from, or each question by itself where there is none. */
  get manager(): EntityManager {
    return this.running.getStore()?.manager ?? this.dataSource.manager;
  }

  /**
   * Runs `work` in a transaction; once more, and then once more, when Postgres ended it to solve a deadlock. So
   * `work` changes nothing outside of the database that may not be changed again. Called from within `work`, it is
   * part of the same transaction.
   */
  async run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const outer = this.running.getStore();
    if (outer !== undefined) return work(outer);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isDeadlock(error)) throw error;
      }
    }
  }

  /**
   * Runs one statement that is a transaction by itself and writes jobs into the outbox, and returns its rows.
   *
   * @param jobsOf finds the outbox rows that the statement inserted among what it returned
   * @throws what Postgres answers; nothing was changed then
   */
  async runStatement<Row extends object>(
    statement: PreparedQuery,
    values: readonly unknown[],
    jobsOf: (rows: readonly Row[]) => readonly RawOutboxRow[],
  ): Promise<readonly Row[]> {
    const rows = await runPrepared<Row>(this.dataSource, statement, values);
    const jobs = jobsOf(rows).map(fromRawOutboxRow);
    if (jobs.length > 0) this.events.emit('committed', jobs);
    return rows;
  }

  private async attempt<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    let rows: readonly OutboxRow[] = [];
    let recorded: readonly RecordedEvent[] = [];
    const result = await this.dataSource.transaction(async (manager) => {
      const transaction = new Transaction(manager);
      const value = await this.running.run(transaction, () => work(transaction));
      rows = await insertOutboxRows(manager, transaction.jobs);
      recorded = transaction.events;
      return value;
    });
    if (recorded.length > 0) this.events.emit('recorded', recorded);
    if (rows.length > 0) this.events.emit('committed', rows);
    return result;
  }
}

function isDeadlock(error: unknown): boolean {
  return postgresErrorCode(error) === DEADLOCK_DETECTED;
}
