import { WorkerConfig } from '@nexos/config';
import { UnsealError, Sealer, sealIdentity } from '@nexos/crypto';
import { JoinTokenRepository, type LeavingNode, NodesRepository } from '@nexos/state';
import { EngineError, type JoinToken, SwarmNodes } from '@nexos/engine';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/**
 * Every few seconds, records the Swarm's nodes and join token for the API, which cannot reach the engine, and removes
 * the nodes that should leave.
 */
@Injectable()
export class NodeObserver extends PeriodicTask {
  private readonly logger = new Logger(NodeObserver.name);

  constructor(
    private readonly nodes: NodesRepository,
    private readonly joinToken: JoinTokenRepository,
    private readonly swarm: SwarmNodes,
    private readonly sealer: Sealer,
    config: WorkerConfig,
  ) {
    super('nodes', config.sweepMs);
  }

  /** Records the nodes first, so that one that is gone, or has become a manager, is not removed. */
  protected async run(): Promise<void> {
    await this.nodes.record(await this.swarm.list());
    for (const node of await this.nodes.findLeaving()) await this.remove(node);
    await this.recordJoinToken(await this.swarm.joinToken());
  }

  /** Removes one node. Only logs a failure, so that the others proceed; the next turn retries it. */
  private async remove({ swarmId, hasOnlyImages }: LeavingNode): Promise<void> {
    if (hasOnlyImages) {
      this.logger.warn(`node ${swarmId} cannot be removed yet: it holds the only image of a live version`);
      return;
    }
    try {
      if ((await this.swarm.drainAndRemove(swarmId)) === 'removed')
        this.logger.log(`removed node ${swarmId}`);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.logger.warn(`could not remove node ${swarmId}: ${error.message}`);
    }
  }

  /** Seals and saves the token only when it has changed, since it is read far more often than it changes. */
  private async recordJoinToken({ workerToken, managerAddress }: JoinToken): Promise<void> {
    const known = await this.joinToken.find();
    const isKnown =
      known?.managerAddress === managerAddress && this.unseal(known.sealedWorkerToken) === workerToken;
    if (isKnown) return;
    const sealedWorkerToken = this.sealer.seal(workerToken, sealIdentity.joinToken());
    await this.joinToken.save({ sealedWorkerToken, managerAddress });
  }

  private unseal(sealed: string): string | null {
    try {
      return this.sealer.open(sealed, sealIdentity.joinToken());
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
  }
}
