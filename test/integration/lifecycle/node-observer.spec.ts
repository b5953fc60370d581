import { WorkerConfig } from '@nexos/config';
import { Sealer } from '@nexos/crypto';
import { NodeEntity, JoinTokenEntity } from '@nexos/database';
import { JoinTokenRepository, NodesRepository } from '@nexos/state';
import { EngineRejectedError, type SwarmNode, type SwarmNodes } from '@nexos/engine';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { NodeObserver } from '../../../apps/lifecycle/src/nodes/node-observer.js';
import { TestDatabase } from '../../support/database.js';
import { aQueuedDeployment } from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

function machine(swarmId: string, over: Partial<SwarmNode> = {}): SwarmNode {
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

/** One turn of the observer in a Swarm that has these machines. */
async function look(...machines: SwarmNode[]): Promise<void> {
  const swarm = {
    list: () => Promise.resolve(machines),
    joinToken: () => Promise.resolve({ workerToken: 'token', managerAddress: '10.0.0.1:2377' }),
    takeOut: (swarmId: string) => {
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
/** Of that environment, or of all. */
async function setLive(deploymentId: string | null, environmentId?: string): Promise<void> {
  await database.dataSource.query(
    'UPDATE environments SET live_deployment_id = $1 WHERE id = coalesce($2, id)',
    [deploymentId, environmentId],
  );
}
const askToLeave = (swarmId: string) =>
  database.dataSource.query('UPDATE nodes SET removal_requested_at = now() WHERE swarm_id = $1', [swarmId]);

describe('a machine that is to be taken out', () => {
  it('is gone when the Swarm does not have it any more, and all else is written down', async () => {
    await look(machine('gone'), machine('here'));
    await askToLeave('gone');
    await look(machine('here', { state: 'down' }));
    expect((await node('gone')).removedAt).not.toBeNull();
    expect(await node('here')).toMatchObject({ state: 'down', removedAt: null });
    expect(asked).toEqual([]);
  });

  it('is left alone when it has become a manager, and is written down as one', async () => {
    await look(machine('promoted'));
    await askToLeave('promoted');
    await look(machine('promoted', { role: 'manager' }));
    expect(await node('promoted')).toMatchObject({ role: 'manager', removedAt: null });
    expect(asked).toEqual([]);
  });

  it('and cannot be keeps neither another one nor the way into the Swarm from being seen to', async () => {
    await look(machine('a'), machine('b'));
    await database.dataSource.query('TRUNCATE swarm_entrance');
    await askToLeave('a');
    await askToLeave('b');
    failing = 'a';
    await look(machine('a'), machine('b'));
    expect(asked.sort()).toEqual(['a', 'b']);
    expect(await database.dataSource.manager.countBy(JoinTokenEntity, { id: 1 })).toBe(1);
  });

  it.each<[string, () => Promise<void>]>([
    ['until no version needs it', () => setLive(null)],
    ['or the machine is down', () => look(machine('full', { state: 'down' }))],
  ])('stays as long as it has the only image of a version that is live, %s', async (_until, change) => {
    await look(machine('full'));
    await askToLeave('full');
    const { id, environmentId } = await aQueuedDeployment(database);
    await database.dataSource.query(
      `UPDATE deployments SET status = 'live', image_node_id = $2 WHERE id = $1`,
      [id, 'full'],
    );
    await setLive(id, environmentId);
    await look(machine('full'));
    expect(asked).toEqual([]);
    await change();
    if (asked.length === 0) await look(machine('full'));
    expect(asked).toEqual(['full']);
  });
});
