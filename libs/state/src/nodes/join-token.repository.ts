import { JoinTokenEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** The id of the only row: there is one Swarm. */
const ID = 1;

/** The sealed token with which another machine joins the Swarm. */
@Injectable()
export class JoinTokenRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns null until a worker has seen the Swarm. */
  find(): Promise<JoinTokenEntity | null> {
    return this.unitOfWork.manager.findOneBy(JoinTokenEntity, { id: ID });
  }

  async save(token: Pick<JoinTokenEntity, 'sealedWorkerToken' | 'managerAddress'>): Promise<void> {
    const row = { ...token, id: ID, observedAt: new Date() };
    await this.unitOfWork.manager.upsert(JoinTokenEntity, row, ['id']);
  }
}
