import { beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../client/engine.js';
import type { SwarmNode, SwarmNodes } from '../nodes/swarm-nodes.js';
import { BridgePlacement } from './bridge-placement.js';

const node = (swarmId: string, state = 'ready', availability = 'active') =>
  ({ swarmId, state, availability }) as SwarmNode;

describe('BridgePlacement', () => {
  let own: string | null;
  let asked: number;
  let nodes: SwarmNode[];
  let placement: BridgePlacement;

  beforeEach(() => {
    own = 'here';
    asked = 0;
    nodes = [node('here')];
    const info = () => {
      asked += 1;
      return Promise.resolve({ swarm: { nodeId: own } });
    };
    placement = new BridgePlacement(
      { info } as unknown as Engine,
      { list: () => Promise.resolve(nodes) } as unknown as SwarmNodes,
    );
  });

  it('puts a service onto the bridge where it can run nowhere else', async () => {
    expect(await placement.place()).toEqual({ nodeId: 'here', isOnBridge: true });
    nodes = [node('here'), node('there', 'ready', 'drain')];
    expect(await placement.place()).toEqual({ nodeId: 'here', isOnBridge: true });
    nodes = [node('here'), node('there', 'down')];
    expect(await placement.place()).toEqual({ isOnBridge: false });
    expect(await placement.place('here')).toEqual({ nodeId: 'here', isOnBridge: true });
    expect(await placement.place('there')).toEqual({ nodeId: 'there', isOnBridge: false });
  });

  it('asks the engine for its node only once while that is up', async () => {
    await placement.place();
    await placement.place('here');
    await placement.rule();
    expect(asked).toBe(1);
  });

  it('asks again when the engine has left the Swarm and joined it as another node', async () => {
    await placement.place();
    own = 'again';
    nodes = [node('here', 'down', 'drain'), node('again')];
    expect(await placement.place('again')).toEqual({ nodeId: 'again', isOnBridge: true });
    expect(asked).toBe(2);
  });

  it('puts nothing onto the bridge of an engine outside a Swarm', async () => {
    own = null;
    nodes = [];
    expect(await placement.place('here')).toEqual({ nodeId: 'here', isOnBridge: false });
  });
});
