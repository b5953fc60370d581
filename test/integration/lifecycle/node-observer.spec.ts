import { WorkerConfig } from '@nexos/config';
import { Sealer } from '@nexos/crypto';
import { NodeEntity, JoinTokenEntity } from '@nexos/database';
import { JoinTokenRepository, NodesRepository } from '@nexos/state';
import { EngineRejectedError, type SwarmNode, type SwarmNodes } from '@nexos/engine';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { NodeObserver } from '../../../apps/lifecycle/src/nodes/node-observer.js';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment } from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

function swarmNode(swarmId: string, over: Partial<SwarmNode> = {}): SwarmNode {
  return {
    swarmId,
    hostname: swarmId,
    role: 'worker',
    state: 'ready',
    availability: 'active',
    address: '10.0.0.1',
    cpus: 2,
    memoryMb: 1024,
    engineVersion: '29',
    isLeader: false,
    joinedAt: new Date(),
    ...over,
  };
}

let asked: string[];
let failing: string | undefined;
beforeEach(async () => {
  asked = [];
  failing = undefined;
  await database.dataSource.query('TRUNCATE nodes, swarm_entrance');
});

/** Runs the observer once in a Swarm with these nodes. */
async function observe(...nodes: SwarmNode[]): Promise<void> {
  const swarm = {
    list: () => Promise.resolve(nodes),
    joinToken: () => Promise.resolve({ workerToken: 'token', managerAddress: '10.0.0.1:2377' }),
    drainAndRemove: (swarmId: string) => {
      asked.push(swarmId);
      if (swarmId === failing) return Promise.reject(new EngineRejectedError(400, 'no'));
      return Promise.resolve('removed' as const);
    },
  };
  const sealer = new Sealer({ key: Buffer.alloc(32).toString('base64'), oldKeys: [] });
  const observer = new NodeObserver(
    database.repository(NodesRepository),
    database.repository(JoinTokenRepository),
    swarm as unknown as SwarmNodes,
    sealer,
    new WorkerConfig(),
  );
  observer.onApplicationBootstrap();
  await observer.beforeApplicationShutdown();
}
const node = (swarmId: string) => database.dataSource.manager.findOneByOrFail(NodeEntity, { swarmId });
/** Sets the live deployment of one environment, or of all. */
async function setLive(deploymentId: string | null, environmentId?: string): Promise<void> {
  await database.dataSource.query(
    'UPDATE environments SET live_deployment_id = $1 WHERE id = coalesce($2, id)',
    [deploymentId, environmentId],
  );
}
const requestRemoval = (swarmId: string) =>
  database.dataSource.query('UPDATE nodes SET removal_requested_at = now() WHERE swarm_id = $1', [swarmId]);

describe('NodeObserver', () => {
  it('records a node as removed once it has left the Swarm, and the state of the others', async () => {
    await observe(swarmNode('gone'), swarmNode('here'));
    await requestRemoval('gone');
    await observe(swarmNode('here', { state: 'down' }));
    expect((await node('gone')).removedAt).not.toBeNull();
    expect(await node('here')).toMatchObject({ state: 'down', removedAt: null });
    expect(asked).toEqual([]);
  });

  it('does not remove a node that has become a manager, and records its role', async () => {
    await observe(swarmNode('promoted'));
    await requestRemoval('promoted');
    await observe(swarmNode('promoted', { role: 'manager' }));
    expect(await node('promoted')).toMatchObject({ role: 'manager', removedAt: null });
    expect(asked).toEqual([]);
  });

  it('removes the other nodes and records the join token when one node cannot be removed', async () => {
    await observe(swarmNode('a'), swarmNode('b'));
    await database.dataSource.query('TRUNCATE swarm_entrance');
    await requestRemoval('a');
    await requestRemoval('b');
    failing = 'a';
    await observe(swarmNode('a'), swarmNode('b'));
    expect(asked.sort()).toEqual(['a', 'b']);
    expect(await database.dataSource.manager.countBy(JoinTokenEntity, { id: 1 })).toBe(1);
  });

  it.each<[string, () => Promise<void>]>([
    ['no version needs it', () => setLive(null)],
    ['the node is down', () => observe(swarmNode('full', { state: 'down' }))],
  ])('keeps a node that has the only image of a live version until %s', async (_until, change) => {
    await observe(swarmNode('full'));
    await requestRemoval('full');
    const { id, environmentId } = await createQueuedDeployment(database);
    await database.dataSource.query(
      `UPDATE deployments SET status = 'live', image_node_id = $2 WHERE id = $1`,
      [id, 'full'],
    );
    await setLive(id, environmentId);
    await observe(swarmNode('full'));
    expect(asked).toEqual([]);
    await change();
    if (asked.length === 0) await observe(swarmNode('full'));
    expect(asked).toEqual(['full']);
  });
});
