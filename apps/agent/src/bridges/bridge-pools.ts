import { randomInt } from 'node:crypto';
import { EngineNotFoundError, LocalBridges } from '@nexos/engine';
import { AddressMap } from '@nexos/ingress';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AddressPool } from './address-pool.js';

interface BridgePool {
  readonly bridgeId: string;
  readonly pool: AddressPool;
}

/** The bridges of projects with their free addresses. */
@Injectable()
export class BridgePools implements OnApplicationBootstrap {
  private readonly pools = new Map<string, BridgePool>();
  /** Those whose bridge may not exist any more. */
  private readonly doubtful = new Map<string, BridgePool>();
  private readonly opening = new Map<string, Promise<BridgePool>>();
  /** What HAProxy's map had when this agent started. Some of it may be outdated. */
  private published: Promise<ReadonlySet<string>> = Promise.resolve(new Set());

  constructor(
    private readonly local: LocalBridges,
    private readonly map: AddressMap,
  ) {}

  onApplicationBootstrap(): void {
    this.published = this.map.read().then(
      (addresses) => new Set(addresses.values()),
      // A HAProxy that is down has no addresses when it starts again.
      () => new Set(),
    );
  }

  /**
   * Returns a project's bridge and its addresses.
   *
   * @param used the addresses of its known containers
   * @throws {EngineNotFoundError} when it has no bridge
   */
  async open(projectId: string, used: () => readonly string[]): Promise<BridgePool> {
    const known = this.pools.get(projectId) ?? this.opening.get(projectId);
    if (known !== undefined) return known;
    const opening = this.load(projectId, used).finally(() => this.opening.delete(projectId));
    this.opening.set(projectId, opening);
    return opening;
  }

  private async load(projectId: string, used: () => readonly string[]): Promise<BridgePool> {
    const [bridge, published] = await Promise.all([this.local.find(projectId), this.published]);
    if (bridge === null) throw new EngineNotFoundError('The bridge does not exist.');
    const former = this.doubtful.get(projectId);
    this.doubtful.delete(projectId);
    const pool =
      former?.bridgeId === bridge.id
        ? former.pool
        : new AddressPool(bridge.subnet, randomInt(AddressPool.size), published);
    for (const address of [...bridge.addresses, ...used()]) pool.hold(address);
    const loaded = { bridgeId: bridge.id, pool };
    this.pools.set(projectId, loaded);
    return loaded;
  }

  /** Records that a container has another address, or none. */
  move(projectId: string, from: string | null, to: string | null): void {
    const pool = (this.pools.get(projectId) ?? this.doubtful.get(projectId))?.pool;
    if (from !== null) pool?.release(from);
    if (to !== null) pool?.hold(to);
  }

  /** Looks a project's bridge up again the next time. */
  doubt(projectId: string): void {
    const pool = this.pools.get(projectId);
    if (pool === undefined) return;
    this.pools.delete(projectId);
    this.doubtful.set(projectId, pool);
  }

  /** Forgets all projects but these. */
  keep(projects: ReadonlySet<string>): void {
    for (const known of [this.pools, this.doubtful]) {
      for (const projectId of known.keys()) if (!projects.has(projectId)) known.delete(projectId);
    }
  }
}
