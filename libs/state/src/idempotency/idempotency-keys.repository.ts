import { IdempotencyKeyEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Idempotency keys of accounts, with the sealed responses that are repeated for them. */
@Injectable()
export class IdempotencyKeysRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Claims a key for the current transaction. Waits while another transaction holds it; if that one rolls back, the
   * claim succeeds.
   *
   * @returns false when a response is already stored under the key
   */
  async claim(accountId: string, key: string, fingerprint: string): Promise<boolean> {
    const inserted = await this.unitOfWork.manager
      .createQueryBuilder()
      .insert()
      .into(IdempotencyKeyEntity)
      .values({ accountId, key, fingerprint })
      .orIgnore()
      .returning('key')
      .execute();
    return (inserted.raw as unknown[]).length > 0;
  }

  find(accountId: string, key: string): Promise<IdempotencyKeyEntity | null> {
    return this.unitOfWork.manager.findOneBy(IdempotencyKeyEntity, { accountId, key });
  }

  /** Stores the sealed response under a key that the current transaction has claimed. */
  async keep(accountId: string, key: string, response: string): Promise<void> {
    await this.unitOfWork.manager.update(IdempotencyKeyEntity, { accountId, key }, { response });
  }
}
