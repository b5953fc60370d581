import { Sealer, sealIdentity } from '@nexos/crypto';
import { type NodeEntity, UnitOfWork } from '@nexos/database';
import { isId } from '@nexos/domain';
import { AccountsRepository, JoinTokenRepository, NodesRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import type { JoinTokenResponse } from './node.response.js';

/** The machines that environments run on. They are shared by all accounts, so that only operators see them. */
@Injectable()
export class NodesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly nodes: NodesRepository,
    private readonly joinTokens: JoinTokenRepository,
    private readonly sealer: Sealer,
  ) {}

  /** The newest first, one row more than was asked for where there is one; none for who is no operator. */
  async list(accountId: string, page: PageQuery): Promise<NodeEntity[]> {
    if (!(await this.accounts.isOperator(accountId))) return [];
    return this.nodes.page(page);
  }

  /** @throws {ApiError} not-found, also for who is no operator */
  async get(accountId: string, id: string): Promise<NodeEntity> {
    const node =
      isId('node', id) && (await this.accounts.isOperator(accountId)) ? await this.nodes.find(id) : null;
    if (node === null) throw notFound('node');
    return node;
  }

  /**
   * Asks for a worker to be drained and taken out of the Swarm; doing so again changes nothing.
   *
   * @throws {ApiError} not-found; conflict, for a manager
   */
  remove(accountId: string, id: string): Promise<NodeEntity> {
    return this.unitOfWork.run(async () => {
      const { role } = await this.get(accountId, id);
      if (role === 'manager') {
        throw new ApiError(
          'conflict',
          'A manager cannot be removed. Make it a worker first: docker node demote.',
        );
      }
      await this.nodes.requestRemoval(id);
      return this.get(accountId, id);
    });
  }

  /**
   * What another machine joins with.
   *
   * @throws {ApiError} forbidden, for who is no operator; service-unavailable, before a worker has seen the Swarm
   */
  async joinToken(accountId: string): Promise<JoinTokenResponse> {
    if (!(await this.accounts.isOperator(accountId))) {
      throw new ApiError('forbidden', 'Only an operator may add machines.');
    }
    const stored = await this.joinTokens.find();
    if (stored === null) {
      throw new ApiError(
        'service-unavailable',
        'No lifecycle worker has seen the Swarm yet. Try again soon.',
      );
    }
    const token = this.sealer.open(stored.sealedWorkerToken, sealIdentity.joinToken());
    const { managerAddress } = stored;
    const command = `docker swarm join --token ${token} ${managerAddress}`;
    return { token, manager_address: managerAddress, command };
  }
}
