import { IdempotencyKeyEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Idempotency keys of accounts, with the sealed answers that are repeated under them. */
@Injectable()
export class IdempotencyKeysRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Claims a key for the running transaction. While another transaction has claimed it and has not ended, this waits;
   * when that one is rolled back, the key is ours.
   *
   * @returns false when an answer is kept under the key
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

  /** Keeps the sealed answer under a key that the running transaction has claimed. */
  async keep(accountId: string, key: string, response: string): Promise<void> {
    await this.unitOfWork.manager.update(IdempotencyKeyEntity, { accountId, key }, { response });
  }
}
