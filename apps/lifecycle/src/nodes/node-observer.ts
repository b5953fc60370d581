import { WorkerConfig } from '@nexos/config';
import { UnsealError, Sealer, sealIdentity } from '@nexos/crypto';
import { JoinTokenRepository, NodeRemovalsRepository, NodesRepository } from '@nexos/state';
import { EngineError, type JoinToken, SwarmNodes } from '@nexos/engine';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { NodeDrain } from './node-drain.js';

/**
 * Every few seconds, records the Swarm's nodes and join token for the API, which cannot reach the engine, and takes
 * the next step in the removal of nodes.
 */
@Injectable()
export class NodeObserver extends PeriodicTask {
  private readonly logger = new Logger(NodeObserver.name);

  constructor(
    private readonly nodes: NodesRepository,
    private readonly removals: NodeRemovalsRepository,
    private readonly drain: NodeDrain,
    private readonly joinToken: JoinTokenRepository,
    private readonly swarm: SwarmNodes,
    private readonly sealer: Sealer,
    config: WorkerConfig,
  ) {
    super('nodes', config.sweepMs);
  }

  /** Records the nodes first, so that one that is gone, or has become a manager, is not removed. */
  async run(): Promise<void> {
    const nodes = await this.swarm.list();
    await this.nodes.record(nodes);
    await this.activate();
    for (const leaving of await this.removals.findLeaving()) {
      const node = nodes.find(({ swarmId }) => swarmId === leaving.swarmId);
      if (node !== undefined)
        await this.attempt(`remove node ${node.swarmId}`, () => this.drain.advance(leaving, node));
    }
    await this.recordJoinToken(await this.swarm.joinToken());
  }

  /** Lets nodes take work again whose removal was cancelled. */
  private async activate(): Promise<void> {
    for (const swarmId of await this.removals.findToActivate()) {
      await this.attempt(`activate node ${swarmId}`, async () => {
        await this.swarm.setAvailability(swarmId, 'active');
        await this.removals.recordActivated(swarmId);
      });
    }
  }

  /** Takes one step on one node. Only logs a failure, so that the others proceed; the next turn retries it. */
  private async attempt(what: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.logger.warn(`could not ${what}: ${error.message}`);
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
