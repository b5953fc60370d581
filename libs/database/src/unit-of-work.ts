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

/** An event recorded by a transaction. */
export interface RecordedEvent {
  readonly of: 'deployment' | 'environment';
  readonly seq: string;
  readonly type: string;
  readonly data: EventData;
}

/** A database transaction with its jobs and events. */
export class Transaction {
  readonly jobs: { job: Job; delayMs: number }[] = [];
  readonly events: RecordedEvent[] = [];
  readonly afterwards: (() => void)[] = [];

  constructor(readonly manager: EntityManager) {}

  /**
   * Enqueues the job if and when the transaction commits.
   *
   * @param delayMs how long the queue delays the job
   */
  enqueue(job: Job, delayMs = 0): void {
    this.jobs.push({ job, delayMs });
  }

  /** Publishes an event when the transaction commits, to a job for its consumers and to listeners in this process. */
  record(event: RecordedEvent): void {
    this.events.push(event);
    const payload = { seq: event.seq };
    this.enqueue(
      event.of === 'deployment'
        ? { queue: 'notify', name: 'deployment-event', payload }
        : { queue: 'notify', name: 'environment-event', payload },
    );
  }

  /** Calls this once the transaction has committed. It must not throw. For what a transaction that fails must not do, such as logging. */
  afterCommit(call: () => void): void {
    this.afterwards.push(call);
  }

  /** Makes the following statements fail when they wait longer than this for a lock. */
  async limitLockWaits(ms: number): Promise<void> {
    await this.manager.query(`SELECT set_config('lock_timeout', $1, true)`, [String(ms)]);
  }
}

const MAX_ATTEMPTS = 3;
const DEADLOCK_DETECTED = '40P01';

type CommitListener = (rows: readonly OutboxRow[]) => void;

/**
 * Changes state and enqueues work in one transaction: both happen or neither does. Jobs are written to the outbox, and
 * listeners are notified right after the commit.
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

  /** Calls the listener with the events of each transaction, once, after its commit. */
  onRecorded(listener: (events: readonly RecordedEvent[]) => void): void {
    this.events.on('recorded', listener);
  }

  /** @throws when the database does not respond */
  async ping(): Promise<void> {
    await this.dataSource.query('SELECT 1');
  }

  /** Returns the time of the database's clock, which all processes share. */
  async now(): Promise<Date> {
    const [row] = await this.manager.query<{ now: Date }[]>('SELECT now() AS now');
    if (row === undefined) throw new Error('the database did not return its time');
    return row.now;
  }

  /** Runs a frequent query: prepared, and outside any transaction. */
  readPrepared<Row extends object>(query: PreparedQuery, values: readonly unknown[]): Promise<Row[]> {
    return runPrepared<Row>(this.dataSource, query, values);
  }

  /** The entity manager of the current transaction, or one without a transaction. */
  get manager(): EntityManager {
    return this.running.getStore()?.manager ?? this.dataSource.manager;
  }

  /** Whether the caller runs inside a transaction, which `run` would join. */
  get isInTransaction(): boolean {
    return this.running.getStore() !== undefined;
  }

  /**
   * Runs `work` in a transaction, and retries it up to twice when Postgres aborts it to resolve a deadlock. Side effects
   * of `work` outside the database must therefore be repeatable. Nested calls join the outer transaction.
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
   * Runs one statement that is its own transaction and writes jobs to the outbox, and returns its rows.
   *
   * @param jobsOf extracts the inserted outbox rows from the returned rows
   * @throws the error of Postgres, in which case nothing changed
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
    let afterwards: readonly (() => void)[] = [];
    const result = await this.dataSource.transaction(async (manager) => {
      const transaction = new Transaction(manager);
      const value = await this.running.run(transaction, () => work(transaction));
      rows = await insertOutboxRows(manager, transaction.jobs);
      recorded = transaction.events;
      afterwards = transaction.afterwards;
      return value;
    });
    if (recorded.length > 0) this.events.emit('recorded', recorded);
    if (rows.length > 0) this.events.emit('committed', rows);
    for (const call of afterwards) call();
    return result;
  }
}

function isDeadlock(error: unknown): boolean {
  return postgresErrorCode(error) === DEADLOCK_DETECTED;
}
