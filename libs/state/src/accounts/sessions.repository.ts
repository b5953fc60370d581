import { SessionEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';

/** Sessions of signed-in browsers. */
@Injectable()
export class SessionsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  find(id: string): Promise<SessionEntity | null> {
    return this.unitOfWork.manager.findOneBy(SessionEntity, { id });
  }

  /** Finds a session that was not revoked; it may have expired. */
  findOpen(id: string): Promise<SessionEntity | null> {
    return this.unitOfWork.manager.findOneBy(SessionEntity, { id, revokedAt: IsNull() });
  }

  async insert(session: Pick<SessionEntity, 'id' | 'accountId' | 'expiresAt'>): Promise<void> {
    await this.unitOfWork.manager.insert(SessionEntity, session);
  }

  /** Returns false when the session had ended. */
  async end(id: string): Promise<boolean> {
    const { affected } = await this.unitOfWork.manager.update(
      SessionEntity,
      { id, revokedAt: IsNull() },
      { revokedAt: () => 'now()' },
    );
    return affected === 1;
  }
}
