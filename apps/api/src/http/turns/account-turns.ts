import { postgresErrorCode, type Transaction, type UnitOfWork } from '@nexos/database';
import { ApiError } from '../problems/api-error.js';
import { FairQueue, QueueTimeoutError } from '../limits/fair-queue.js';

/** How many transactions run at the same time, and how long others wait. */
export interface AccountTurnsOptions {
  /** Accounts with a running transaction, each of which holds a connection to the database. */
  readonly accounts: number;
  /** Milliseconds to wait for the account's turn, and then for one of these places. This holds no connection. */
  readonly waitMs: number;
  /** Milliseconds to wait for each lock. */
  readonly lockMs: number;
}

/** Transactions of one account that may wait. */
const MAX_WAITING = 200;
const MAX_WAITING_ACCOUNTS = 2_000;
const RETRY_AFTER_SECONDS = 2;
const LOCK_NOT_AVAILABLE = '55P03';

/** The turns of one account, while something of it runs or waits. */
interface Turns {
  readonly queue: FairQueue;
  users: number;
}

/**
 * Runs transactions that lock an account. They would take turns in the database anyway, so those of one account wait in front
 * of the connections, of which they would otherwise hold all while something else holds the lock.
 */
export class AccountTurns {
  private readonly turns = new Map<string, Turns>();
  private readonly places: FairQueue;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly options: AccountTurnsOptions,
  ) {
    this.places = new FairQueue(options.accounts, options.waitMs, MAX_WAITING_ACCOUNTS);
  }

  /**
   * Runs `work` as `UnitOfWork.run` does. Inside a transaction it joins that one, and does not wait.
   *
   * @throws {ApiError} service-unavailable, when its turn or a lock does not come soon enough
   */
  async run<T>(accountId: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (this.unitOfWork.isInTransaction) return this.unitOfWork.run(work);
    const turns = this.turns.get(accountId) ?? this.begin(accountId);
    turns.users++;
    try {
      return await turns.queue.run(() =>
        this.places.run(() => this.unitOfWork.run((transaction) => this.limited(transaction, work))),
      );
    } catch (error) {
      if (!(error instanceof QueueTimeoutError || postgresErrorCode(error) === LOCK_NOT_AVAILABLE))
        throw error;
      throw busy();
    } finally {
      turns.users--;
      if (turns.users === 0) this.turns.delete(accountId);
    }
  }

  private begin(accountId: string): Turns {
    const turns = { queue: new FairQueue(1, this.options.waitMs, MAX_WAITING), users: 0 };
    this.turns.set(accountId, turns);
    return turns;
  }

  private async limited<T>(
    transaction: Transaction,
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    await transaction.limitLockWaits(this.options.lockMs);
    return work(transaction);
  }
}

function busy(): ApiError {
  return new ApiError(
    'service-unavailable',
    'Other changes of the account are in progress and took too long, so this one did not happen. Send it again.',
    [],
    [],
    RETRY_AFTER_SECONDS,
  );
}
