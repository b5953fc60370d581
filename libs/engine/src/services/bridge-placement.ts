import { Injectable } from '@nestjs/common';
import { Engine } from '../client/engine.js';
import { type SwarmNode, SwarmNodes } from '../nodes/swarm-nodes.js';
import type { Place } from './task-template.js';

/**
 * Decides which services join the bridge of their project. It exists only on the ingress's machine, the one of this
 * engine, so that what joins it is bound to that machine.
 */
@Injectable()
export class BridgePlacement {
  private ownId: string | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly nodes: SwarmNodes,
  ) {}

  /**
   * Returns the place of a service that starts: on the bridge if it would run on the ingress's machine anyway, because
   * it is bound to it or no other machine takes work.
   *
   * @param nodeId the node that it is bound to, if any
   */
  async place(nodeId?: string): Promise<Place> {
    const nodes = await this.nodes.list();
    const own = await this.ownAmong(nodes);
    if (own === null) return { ...(nodeId !== undefined && { nodeId }), isOnBridge: false };
    if (nodeId !== undefined) return { nodeId, isOnBridge: nodeId === own };
    const active = nodes.filter(({ availability }) => availability === 'active');
    // One that is down for a moment counts: it comes back.
    return active.length === 1 && active[0]?.swarmId === own
      ? { nodeId: own, isOnBridge: true }
      : { isOnBridge: false };
  }

  /**
   * Returns a function that reports whether a running service should move to the bridge, by the node that it is bound
   * to, if any. One that may run on several machines stays as it is, even if just one of them takes work for the moment.
   */
  async rule(): Promise<(nodeId: string | null) => boolean> {
    const nodes = await this.nodes.list();
    const own = await this.ownAmong(nodes);
    const isAlone = nodes.length === 1 && nodes[0]?.availability === 'active';
    return (nodeId) => (nodeId === null ? isAlone : nodeId === own);
  }

  /**
   * Returns the id of this engine's node. Asks the engine only when that may have changed, since it runs other programs
   * to answer: an engine that left the Swarm and joined again has another id, and its previous node is down.
   */
  private async ownAmong(nodes: readonly SwarmNode[]): Promise<string | null> {
    const isUp = nodes.some(({ swarmId, state }) => swarmId === this.ownId && state === 'ready');
    if (!isUp) this.ownId = (await this.engine.info()).swarm.nodeId;
    return this.ownId;
  }
}
