import { Sealer, sealIdentity } from '@nexos/crypto';
import { type NodeEntity, UnitOfWork } from '@nexos/database';
import { isId } from '@nexos/domain';
import { AccountsRepository, JoinTokenRepository, NodesRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import type { JoinTokenResponse } from './node.response.js';

/** Manages the nodes that environments run on. All accounts share them, so only operators see them. */
@Injectable()
export class NodesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly nodes: NodesRepository,
    private readonly joinTokens: JoinTokenRepository,
    private readonly sealer: Sealer,
  ) {}

  /** Returns the newest first, plus one extra row if there is a next page. Empty for a non-operator. */
  async list(accountId: string, page: PageQuery): Promise<NodeEntity[]> {
    if (!(await this.accounts.isOperator(accountId))) return [];
    return this.nodes.page(page);
  }

  /** @throws {ApiError} not-found, also for a non-operator */
  async get(accountId: string, id: string): Promise<NodeEntity> {
    const node =
      isId('node', id) && (await this.accounts.isOperator(accountId)) ? await this.nodes.find(id) : null;
    if (node === null) throw notFound('node');
    return node;
  }

  /**
   * Requests that a worker be drained and removed from the Swarm. Idempotent.
   *
   * @throws {ApiError} not-found; conflict, for a manager
   */
  remove(accountId: string, id: string): Promise<NodeEntity> {
    return this.unitOfWork.run(async () => {
      const { role } = await this.get(accountId, id);
      if (role === 'manager') {
        throw new ApiError(
          'conflict',
          'A manager cannot be removed. Demote it to a worker first, with docker node demote.',
        );
      }
      await this.nodes.requestRemoval(id);
      return this.get(accountId, id);
    });
  }

  /**
   * Returns what another machine needs to join.
   *
   * @throws {ApiError} forbidden, for a non-operator; service-unavailable, before a lifecycle worker has
   *   connected to the Swarm
   */
  async joinToken(accountId: string): Promise<JoinTokenResponse> {
    if (!(await this.accounts.isOperator(accountId))) {
      throw new ApiError('forbidden', "Only operators can add nodes. Use an operator's API key.");
    }
    const stored = await this.joinTokens.find();
    if (stored === null) {
      throw new ApiError(
        'service-unavailable',
        'No lifecycle worker has connected to the Swarm yet. Try again in a moment.',
      );
    }
    const token = this.sealer.open(stored.sealedWorkerToken, sealIdentity.joinToken());
    const { managerAddress } = stored;
    const command = `docker swarm join --token ${token} ${managerAddress}`;
    return { token, manager_address: managerAddress, command };
  }
}
