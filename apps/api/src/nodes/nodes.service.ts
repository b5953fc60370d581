import { Sealer, sealIdentity } from '@nexos/crypto';
import { type NodeEntity, UnitOfWork } from '@nexos/database';
import { changedFields, isId, isLoopback } from '@nexos/domain';
import {
  AccountsRepository,
  JoinTokenRepository,
  NodeRemovalsRepository,
  NodesRepository,
  recordAudit,
} from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { PageQuery } from '../http/page.js';
import { ApiError, notFound } from '../http/problems/api-error.js';
import { refuseLosses } from './node-losses.js';
import type { JoinTokenResponse, NodeView } from './node.response.js';

/** Manages the nodes that environments run on. All accounts share them, so only operators see them. */
@Injectable()
export class NodesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly nodes: NodesRepository,
    private readonly removals: NodeRemovalsRepository,
    private readonly joinTokens: JoinTokenRepository,
    private readonly sealer: Sealer,
  ) {}

  /** Returns the newest first, plus one extra row if there is a next page. Empty for a non-operator. */
  async list(accountId: string, page: PageQuery): Promise<NodeView[]> {
    if (!(await this.accounts.isOperator(accountId))) return [];
    const nodes = await this.nodes.page(page);
    return Promise.all(nodes.map((node) => this.viewOf(node)));
  }

  /** @throws {ApiError} not-found, also for a non-operator */
  async view(accountId: string, id: string): Promise<NodeView> {
    return this.viewOf(await this.get(accountId, id));
  }

  private async viewOf(node: NodeEntity): Promise<NodeView> {
    const isLeaving = node.removalRequestedAt !== null;
    return { id: node.id, node, losses: isLeaving ? await this.removals.lossesOf(node.swarmId) : null };
  }

  private async get(accountId: string, id: string): Promise<NodeEntity> {
    const node =
      isId('node', id) && (await this.accounts.isOperator(accountId)) ? await this.nodes.find(id) : null;
    if (node === null) throw notFound('node');
    return node;
  }

  /** Returns a node, also one that has left, locked so that it is recorded as it was before a change. */
  private async lock(accountId: string, id: string): Promise<NodeEntity> {
    const isOperator = await this.accounts.isOperator(accountId);
    const node = isId('node', id) && isOperator ? await this.nodes.lock(id) : null;
    if (node === null) throw notFound('node');
    return node;
  }

  /**
   * Requests that a worker be drained and removed from the Swarm. Idempotent.
   *
   * @param isForced whether to remove it even if something is lost with it
   * @throws {ApiError} not-found; conflict, for a manager, or when something would be lost
   */
  async remove(accountId: string, id: string, isForced: boolean): Promise<NodeView> {
    return this.unitOfWork.run(async (transaction) => {
      const before = await this.lock(accountId, id);
      if (before.removedAt !== null) throw notFound('node');
      if (before.role === 'manager') {
        throw new ApiError(
          'conflict',
          'A manager cannot be removed. Demote it to a worker first, with docker node demote.',
        );
      }
      const { isRequested, ...losses } = await this.removals.request(id, isForced);
      if (!isRequested) throw refuseLosses(losses);
      const changed = changedFields(auditedNode(before), auditedNode(await this.get(accountId, id)));
      if (changed !== null)
        await recordAudit(transaction, { action: 'node.remove', subject: id, ...changed });
      return this.view(accountId, id);
    });
  }

  /**
   * Cancels the removal of a node, which takes work again. Idempotent.
   *
   * @throws {ApiError} not-found; conflict, once the node has been removed
   */
  async undrain(accountId: string, id: string): Promise<NodeView> {
    return this.unitOfWork.run(async (transaction) => {
      const before = await this.lock(accountId, id);
      if (!(await this.removals.cancel(id))) {
        throw new ApiError('conflict', 'The node has been removed. Have the machine join again.');
      }
      const changed = changedFields(auditedNode(before), auditedNode(await this.get(accountId, id)));
      if (changed !== null)
        await recordAudit(transaction, { action: 'node.undrain', subject: id, ...changed });
      return this.view(accountId, id);
    });
  }

  /**
   * Returns what another machine needs to join.
   *
   * @throws {ApiError} forbidden, for a non-operator; service-unavailable, before a lifecycle worker has
   *   connected to the Swarm; conflict, when no other machine can reach the Swarm's address
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
    const { managerAddress } = stored;
    if (isLoopback(managerAddress)) {
      throw new ApiError(
        'conflict',
        `The Swarm advertises ${managerAddress}, which only its own machine can reach. Set SWARM_ADVERTISE_ADDR to an address that other machines can reach, and start the Swarm again with it.`,
      );
    }
    const token = this.sealer.open(stored.sealedWorkerToken, sealIdentity.joinToken());
    await this.unitOfWork.run((transaction) =>
      recordAudit(transaction, { action: 'join_token.read', subject: null }),
    );
    const command = `docker swarm join --token ${token} ${managerAddress}`;
    return { token, manager_address: managerAddress, command };
  }
}

/** Returns what the audit log shows of a node. */
function auditedNode({ hostname, removalRequestedAt, removalForced }: NodeEntity) {
  return { hostname, removal_requested: removalRequestedAt !== null, removal_forced: removalForced };
}
