import { subnetAt } from '@nexos/domain';
import { bridgeName, EngineForeignError, networkName } from '@nexos/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BASE_IMAGE,
  type EngineFixture,
  engineFixture,
  eventually,
  INSTANCE,
  newOwner,
  nextTestSubnet,
  rawEngine,
  removeLeftovers,
  FOREIGN_LABEL,
} from './engine-fixture.js';

let fixture: EngineFixture;
let second: EngineFixture;

beforeAll(async () => {
  await removeLeftovers();
  fixture = await engineFixture();
  second = await engineFixture();
  await fixture.swarm.ensure();
});
afterAll(async () => {
  await fixture.close();
  await second.close();
  await removeLeftovers();
});

describe('ProjectNetworks', () => {
  it('creates a network once, even for concurrent callers', async () => {
    const { projectId } = newOwner();
    const callers = [fixture, second, fixture, second, fixture, second];
    const created = await Promise.all(
      callers.map(({ networks }) => networks.ensure(projectId, nextTestSubnet)),
    );
    expect(new Set(created.map(({ overlay }) => overlay)).size).toBe(1);
    expect(new Set(created.map(({ bridge }) => bridge)).size).toBe(1);
    expect(await fixture.networks.exist(projectId)).toBe(true);
    const name = networkName(INSTANCE, projectId);
    const found = await rawEngine().listNetworks({ filters: { name: [name] } });
    expect(found.filter(({ Name }) => Name === name)).toMatchObject([
      { Name: name, Driver: 'overlay', Attachable: true },
    ]);

    expect(await fixture.networks.remove(projectId)).toBe('removed');
    expect(await fixture.networks.remove(projectId)).toBe('missing');
    expect(await fixture.networks.find(projectId)).toBeNull();
  });

  it('gives each project a subnet that no other network of the engine uses', async () => {
    const used = await nextTestSubnet();
    const foreign = await rawEngine().createNetwork({
      Name: `nexos-${INSTANCE}-used`,
      Driver: 'bridge',
      IPAM: { Config: [{ Subnet: used }] },
      Labels: { [FOREIGN_LABEL]: INSTANCE },
    });
    const free = subnetAt('10.88.0.0/16', 7);
    const offered = [used, used, free];
    const { projectId } = newOwner();
    await fixture.networks.ensure(projectId, () => Promise.resolve(offered.shift() ?? free));
    expect(offered).toEqual([]);
    expect(await subnetOf(projectId)).toBe(free);
    const other = newOwner().projectId;
    await expect(fixture.networks.ensure(other, () => Promise.resolve(free))).rejects.toThrow(
      'Enlarge INGRESS_ADDRESS_POOL',
    );
    await foreign.remove();
    await fixture.networks.ensure(other, () => Promise.resolve(used));
    expect(await subnetOf(other)).toBe(used);
    for (const project of [projectId, other]) expect(await fixture.networks.remove(project)).toBe('removed');
    expect(await fixture.networks.exist(projectId)).toBe(false);
  });

  it('makes a bridge again that somebody removed', async () => {
    const { projectId } = newOwner();
    const { bridge } = await fixture.networks.ensure(projectId, nextTestSubnet);
    await rawEngine().getNetwork(bridge).remove();
    expect(await fixture.networks.exist(projectId)).toBe(false);
    const again = await second.networks.ensure(projectId, nextTestSubnet);
    expect(again.bridge).not.toBe(bridge);
    expect(await fixture.networks.exist(projectId)).toBe(true);
    expect(await fixture.networks.remove(projectId)).toBe('removed');
  });

  it('keeps networks that a container still uses', async () => {
    const { projectId } = newOwner();
    const { bridge } = await fixture.networks.ensure(projectId, nextTestSubnet);
    const container = await rawEngine().createContainer({
      Image: BASE_IMAGE,
      Cmd: ['sleep', '3600'],
      Labels: { 'dev.nexos.instance': INSTANCE },
      HostConfig: { Init: true, NetworkMode: bridge },
    });
    await container.start();
    expect(await fixture.networks.remove(projectId)).toBe('in-use');
    await container.remove({ force: true });
    await eventually('the networks are gone', async () => {
      return (await fixture.networks.remove(projectId)) === 'missing';
    });
  });

  it('rejects networks of others', async () => {
    const docker = rawEngine();
    const taken = newOwner().projectId;
    const foreign = await docker.createNetwork({
      Name: networkName(INSTANCE, taken),
      Driver: 'bridge',
      Labels: { [FOREIGN_LABEL]: INSTANCE },
    });
    try {
      await expect(fixture.networks.ensure(taken, nextTestSubnet)).rejects.toThrow(EngineForeignError);
      await expect(fixture.networks.remove(taken)).rejects.toThrow(EngineForeignError);
    } finally {
      await foreign.remove();
    }
  });
});

/** Returns the subnet of a project's bridge. */
async function subnetOf(projectId: string): Promise<string | undefined> {
  const { IPAM } = await rawEngine().getNetwork(bridgeName(INSTANCE, projectId)).inspect();
  return IPAM?.Config?.[0]?.Subnet;
}
