import { WorkerConfig } from '@nexos/config';
import { SealBrokenError, Sealer, sealIdentity } from '@nexos/crypto';
import { JoinTokenEntity } from '@nexos/database';
import { findLeavingNodes, type LeavingNode, recordNodes } from '@nexos/state';
import { EngineError, type JoinToken, SwarmNodes } from '@nexos/engine';
import { Repeated } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';

/**
 * Writes down every few seconds which machines the Swarm has and how another one joins it, for the API, which has no
 * way to the engine; and takes out the machines that are to go.
 */
@Injectable()
export class NodeObserver extends Repeated {
  private readonly logger = new Logger(NodeObserver.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly nodes: SwarmNodes,
    private readonly sealer: Sealer,
    config: WorkerConfig,
  ) {
    super('nodes', config.sweepMs);
  }

  /** What there is comes first: a machine that is gone, or a manager by now, is not to be taken out any more. */
  protected async takeTurn(): Promise<void> {
    const { manager } = this.dataSource;
    await recordNodes(manager, await this.nodes.list());
    for (const node of await findLeavingNodes(manager)) await this.takeOut(node);
    await this.recordEntrance(await this.nodes.entrance());
  }

  /** One that cannot be taken out keeps no other from it, and is tried again the next time. */
  private async takeOut({ swarmId, hasOnlyImages }: LeavingNode): Promise<void> {
    if (hasOnlyImages) {
      this.logger.warn(`node ${swarmId} stays: it has the only images of versions that are live`);
      return;
    }
    try {
      if ((await this.nodes.takeOut(swarmId)) === 'removed') this.logger.log(`node ${swarmId} was removed`);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.logger.warn(`node ${swarmId} is not taken out: ${error.message}`);
    }
  }

  /** Sealed anew only when it is another one: it is looked at far more often than it changes. */
  private async recordEntrance({ workerToken, managerAddress }: JoinToken): Promise<void> {
    const { manager } = this.dataSource;
    const known = await manager.findOneBy(JoinTokenEntity, { id: 1 });
    const isKnown =
      known?.managerAddress === managerAddress && this.opened(known.sealedWorkerToken) === workerToken;
    if (isKnown) return;
    await manager.upsert(
      JoinTokenEntity,
      {
        id: 1,
        sealedWorkerToken: this.sealer.seal(workerToken, sealIdentity.swarmEntrance()),
        managerAddress,
        observedAt: new Date(),
      },
      ['id'],
    );
  }

  private opened(sealed: string): string | null {
    try {
      return this.sealer.open(sealed, sealIdentity.swarmEntrance());
    } catch (error) {
      if (error instanceof SealBrokenError) return null;
      throw error;
    }
  }
}
