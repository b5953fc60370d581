import { JoinTokenEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** There is one Swarm, and so one row. */
const ID = 1;

/** The token that another machine joins the Swarm with, sealed. */
@Injectable()
export class JoinTokenRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Null before a worker has seen the Swarm. */
  find(): Promise<JoinTokenEntity | null> {
    return this.unitOfWork.manager.findOneBy(JoinTokenEntity, { id: ID });
  }

  async save(token: Pick<JoinTokenEntity, 'sealedWorkerToken' | 'managerAddress'>): Promise<void> {
    const row = { ...token, id: ID, observedAt: new Date() };
    await this.unitOfWork.manager.upsert(JoinTokenEntity, row, ['id']);
  }
}
