import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';

/** Thrown to roll the keyed transaction back, so that `work` runs without it. */
class WorkOutside extends Error {
  constructor(
    readonly key: string,
    readonly work: () => Promise<unknown>,
  ) {
    super(`${key} must run outside the transaction`);
    this.name = 'WorkOutside';
  }
}

/**
 * Runs what waits for another host without the transaction of the request's idempotency key. The first attempt ends
 * where it needs an answer from outside and is rolled back; the next one begins again with the answer. A connection or
 * lock is held only while the database works.
 */
@Injectable()
export class OutsideTransaction {
  private readonly answers = new AsyncLocalStorage<Map<string, Promise<unknown>>>();

  /**
   * Runs `work` outside the keyed transaction. A request without a key has no such transaction, so its work runs at once.
   * The caller runs again afterwards, so what it did before must have had no effect outside the database.
   *
   * @param key names the question: equal keys get one answer per request
   */
  async run<Answer>(key: string, work: () => Promise<Answer>): Promise<Answer> {
    const answers = this.answers.getStore();
    if (answers === undefined) return work();
    const known = answers.get(key);
    if (known === undefined) throw new WorkOutside(key, work);
    return known as Promise<Answer>;
  }

  /**
   * Runs `attempt`, which opens the transaction of the key, and again after each work that it needs outside.
   *
   * @throws what the last attempt throws, such as the error of such work
   */
  async repeat<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const answers = new Map<string, Promise<unknown>>();
    for (;;) {
      try {
        return await this.answers.run(answers, attempt);
      } catch (error) {
        if (!(error instanceof WorkOutside)) throw error;
        const answer = error.work();
        answers.set(error.key, answer);
        // If it failed, the next attempt throws that where it asks.
        await Promise.allSettled([answer]);
      }
    }
  }
}
