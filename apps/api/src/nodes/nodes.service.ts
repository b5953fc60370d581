import { Sealer, sealIdentity } from '@nexos/crypto';
import { AccountEntity, NodeEntity, JoinTokenEntity, UnitOfWork } from '@nexos/database';
import { isId } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { findPage } from '../http/find-page.js';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import type { JoinTokenResponse } from './node.response.js';

/** The machines that environments run on. They are shared by all accounts, so that only operators see them. */
@Injectable()
export class NodesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sealer: Sealer,
  ) {}

  /** The newest first, one row more than was asked for where there is one; none for who is no operator. */
  async list(accountId: string, page: PageQuery): Promise<NodeEntity[]> {
    if (!(await this.isOperator(accountId))) return [];
    return findPage(this.unitOfWork.manager, NodeEntity, { removedAt: IsNull() }, page);
  }

  /** @throws {ApiError} not-found, also for who is no operator */
  async get(accountId: string, id: string): Promise<NodeEntity> {
    const node =
      isId('node', id) && (await this.isOperator(accountId))
        ? await this.unitOfWork.manager.findOneBy(NodeEntity, { id, removedAt: IsNull() })
        : null;
    if (node === null) throw notFound('node');
    return node;
  }

  /**
   * Asks for a worker to be drained and taken out of the Swarm; doing so again changes nothing.
   *
   * @throws {ApiError} not-found; conflict, for a manager
   */
  remove(accountId: string, id: string): Promise<NodeEntity> {
    return this.unitOfWork.run(async ({ manager }) => {
      const { role } = await this.get(accountId, id);
      if (role === 'manager') {
        throw new ApiError(
          'conflict',
          'A manager cannot be removed. Make it a worker first: docker node demote.',
        );
      }
      await manager.update(
        NodeEntity,
        { id, removalRequestedAt: IsNull() },
        { removalRequestedAt: () => 'now()' },
      );
      return this.get(accountId, id);
    });
  }

  /**
   * What another machine joins with.
   *
   * @throws {ApiError} forbidden, for who is no operator; service-unavailable, before a worker has seen the Swarm
   */
  async joinToken(accountId: string): Promise<JoinTokenResponse> {
    if (!(await this.isOperator(accountId))) {
      throw new ApiError('forbidden', 'Only an operator may add machines.');
    }
    const entrance = await this.unitOfWork.manager.findOneBy(JoinTokenEntity, { id: 1 });
    if (entrance === null) {
      throw new ApiError(
        'service-unavailable',
        'No lifecycle worker has seen the Swarm yet. Try again soon.',
      );
    }
    const token = this.sealer.open(entrance.sealedWorkerToken, sealIdentity.swarmEntrance());
    const { managerAddress } = entrance;
    const command = `docker swarm join --token ${token} ${managerAddress}`;
    return { token, manager_address: managerAddress, command };
  }

  private async isOperator(accountId: string): Promise<boolean> {
    return this.unitOfWork.manager.existsBy(AccountEntity, { id: accountId, isOperator: true });
  }
}
