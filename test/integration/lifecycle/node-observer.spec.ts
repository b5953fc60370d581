import { WorkerConfig } from '@nexos/config';
import { Sealer } from '@nexos/crypto';
import { NodeEntity, JoinTokenEntity } from '@nexos/database';
import { JoinTokenRepository, type LeavingNode, NodeRemovalsRepository, NodesRepository } from '@nexos/state';
import { EngineRejectedError, type SwarmNode, type SwarmNodes } from '@nexos/engine';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { NodeDrain } from '../../../apps/lifecycle/src/nodes/node-drain.js';
import { NodeObserver } from '../../../apps/lifecycle/src/nodes/node-observer.js';
import { TestDatabase } from '../../support/database.js';

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
  };
  const drain = {
    advance: ({ swarmId }: LeavingNode) => {
      asked.push(swarmId);
      return swarmId === failing ? Promise.reject(new EngineRejectedError(400, 'no')) : Promise.resolve();
    },
  };
  const sealer = new Sealer({ key: Buffer.alloc(32).toString('base64'), oldKeys: [] });
  const observer = new NodeObserver(
    database.repository(NodesRepository),
    database.repository(NodeRemovalsRepository),
    drain as unknown as NodeDrain,
    database.repository(JoinTokenRepository),
    swarm as unknown as SwarmNodes,
    sealer,
    new WorkerConfig(),
  );
  await observer.run();
}
const node = (swarmId: string) => database.dataSource.manager.findOneByOrFail(NodeEntity, { swarmId });
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
});
