import { WorkerConfig } from '@nexos/config';
import { SealBrokenError, Sealer, sealIdentity } from '@nexos/crypto';
import { JoinTokenRepository, type LeavingNode, NodesRepository } from '@nexos/state';
import { EngineError, type JoinToken, SwarmNodes } from '@nexos/engine';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/**
 * Writes down every few seconds which machines the Swarm has and how another one joins it, for the API, which has no
 * way to the engine; and takes out the machines that are to go.
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

  /** What there is comes first: a machine that is gone, or a manager by now, is not to be taken out any more. */
  protected async takeTurn(): Promise<void> {
    await this.nodes.record(await this.swarm.list());
    for (const node of await this.nodes.findLeaving()) await this.takeOut(node);
    await this.recordJoinToken(await this.swarm.joinToken());
  }

  /** One that cannot be taken out keeps no other from it, and is tried again the next time. */
  private async takeOut({ swarmId, hasOnlyImages }: LeavingNode): Promise<void> {
    if (hasOnlyImages) {
      this.logger.warn(`node ${swarmId} stays: it has the only images of versions that are live`);
      return;
    }
    try {
      if ((await this.swarm.takeOut(swarmId)) === 'removed') this.logger.log(`node ${swarmId} was removed`);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.logger.warn(`node ${swarmId} is not taken out: ${error.message}`);
    }
  }

  /** Seals and saves the token only when it has changed: it is read far more often than that. */
  private async recordJoinToken({ workerToken, managerAddress }: JoinToken): Promise<void> {
    const known = await this.joinToken.find();
    const isKnown =
      known?.managerAddress === managerAddress && this.opened(known.sealedWorkerToken) === workerToken;
    if (isKnown) return;
    const sealedWorkerToken = this.sealer.seal(workerToken, sealIdentity.joinToken());
    await this.joinToken.save({ sealedWorkerToken, managerAddress });
  }

  private opened(sealed: string): string | null {
    try {
      return this.sealer.open(sealed, sealIdentity.joinToken());
    } catch (error) {
      if (error instanceof SealBrokenError) return null;
      throw error;
    }
  }
}
