import { NodeEntity } from '@nexos/database';
import { NodeRemovalsRepository } from '@nexos/state';
import { expect } from 'vitest';
import type { Wanted } from '../../support/built-deployment.js';
import type { TestSystem } from '../../support/global-setup.js';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

/** The worker that is removed, and the manager that stays. */
export const WORKER = 'node-2';
export const MANAGER = 'node-1';

/** A lifecycle worker on an in-memory Swarm of a manager and a worker, which tests remove. */
export class RemovableWorker {
  private constructor(
    readonly nexos: LifecycleInMemory,
    readonly removals: NodeRemovalsRepository,
  ) {}

  static async start(system: TestSystem): Promise<RemovableWorker> {
    const nexos = await LifecycleInMemory.start(system);
    return new RemovableWorker(nexos, nexos.database.repository(NodeRemovalsRepository));
  }

  /** Starts over with two nodes that nothing of an earlier test is on. */
  async reset(): Promise<void> {
    const { engine, database } = this.nexos;
    engine.reset();
    for (const things of [engine.apps, engine.shared, engine.routes]) things.clear();
    const [manager] = engine.nodes;
    if (manager === undefined) throw new Error('no node');
    // Swarm starts containers on the first node that takes them.
    engine.nodes = [{ ...manager, swarmId: WORKER, role: 'worker', isLeader: false }, manager];
    await database.dataSource.query('TRUNCATE nodes');
    await database.dataSource.query(
      `UPDATE project_services SET node_id = 'elsewhere' WHERE node_id = '${WORKER}'`,
    );
    await database.dataSource.query('UPDATE deployments SET image_node_id = NULL');
    await this.nexos.observeNodes();
  }

  node(swarmId = WORKER): Promise<NodeEntity> {
    return this.nexos.database.dataSource.manager.findOneByOrFail(NodeEntity, { swarmId });
  }

  /** Requests the removal of the worker. */
  async request(isForced = false): ReturnType<NodeRemovalsRepository['request']> {
    return this.removals.request((await this.node()).id, isForced);
  }

  /** Returns why the removal waits. */
  async reasons(): Promise<string[]> {
    return (await this.node()).remaining.map(({ reason }) => reason);
  }

  /** Returns the changes of nodes so far. */
  nodeChanges(): string[] {
    return this.nexos.engine.changes.filter((change) => change.includes('node-'));
  }

  /** Returns each app's service with its node. */
  services(): [name: string, nodeId: string][] {
    return [...this.nexos.engine.apps].map(([name, { nodeId }]) => [name, nodeId]);
  }

  /** Has the lifecycle worker die once, right after it has set a route. */
  dieAfterRoute(): void {
    const { routes } = this.nexos.engine;
    const set = routes.set.bind(routes);
    routes.set = (host, target) => {
      set(host, target);
      routes.set = set;
      throw new Error('killed');
    };
  }

  /** Deploys a version that runs on the worker, and that any node can run. */
  async deployed(wanted: Wanted = {}) {
    const deployment = await this.nexos.deploy(await this.nexos.project(), { imageNodeId: null, ...wanted });
    expect(deployment.status).toBe('live');
    const { hostname } = await this.nexos.environment(deployment);
    return { ...deployment, hostname };
  }

  /** Takes the steps of the removal until the worker has left the Swarm. */
  async remove(...environments: { environmentId: string }[]): Promise<void> {
    for (let turn = 0; turn < 12 && this.nexos.engine.nodes.length > 1; turn++) {
      await this.nexos.observeNodes();
      for (const environment of environments) await this.nexos.move(environment);
    }
    await this.nexos.observeNodes();
  }
}
