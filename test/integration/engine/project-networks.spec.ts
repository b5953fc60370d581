import { EngineForeignError, EngineNotFoundError, networkName } from '@nexos/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BASE_IMAGE,
  type EngineFixture,
  engineFixture,
  INSTANCE,
  newOwner,
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

/** Starts a container outside Swarm, like the ingress. */
async function startContainer(name: string, labels: Record<string, string>): Promise<void> {
  const container = await rawEngine().createContainer({
    name,
    Image: BASE_IMAGE,
    Cmd: ['sleep', '3600'],
    Labels: labels,
    HostConfig: { Init: true },
  });
  await container.start();
}

describe('ProjectNetworks', () => {
  it('creates a network once, even for concurrent callers', async () => {
    const { projectId } = newOwner();
    const callers = [fixture, second, fixture, second, fixture, second];
    const created = await Promise.all(callers.map(({ networks }) => networks.ensure(projectId)));
    expect(new Set(created.map(({ id }) => id)).size).toBe(1);
    const name = networkName(INSTANCE, projectId);
    const found = await rawEngine().listNetworks({ filters: { name: [name] } });
    expect(found).toMatchObject([{ Name: name, Driver: 'overlay', Attachable: true }]);
    expect(await fixture.networks.list()).toContainEqual({ id: created[0]?.id, name, projectId });

    expect(await fixture.networks.remove(projectId)).toBe('removed');
    expect(await fixture.networks.remove(projectId)).toBe('missing');
    expect(await fixture.networks.find(projectId)).toBeNull();
  });

  it('connects and disconnects a container idempotently, and keeps a network that is in use', async () => {
    const { projectId } = newOwner();
    const name = `nexos-${INSTANCE}-ingress`;
    await startContainer(name, { 'dev.nexos.instance': INSTANCE });
    await expect(fixture.networks.connect(name, projectId)).rejects.toThrow(EngineNotFoundError);
    expect(await fixture.networks.isConnected(name, projectId)).toBe(false);
    await fixture.networks.ensure(projectId);
    expect(await fixture.networks.isConnected(name, projectId)).toBe(false);
    await Promise.all([fixture, second, fixture].map(({ networks }) => networks.connect(name, projectId)));
    expect(await fixture.networks.isConnected(name, projectId)).toBe(true);
    expect(await fixture.networks.remove(projectId)).toBe('in-use');
    await Promise.all([fixture, second, fixture].map(({ networks }) => networks.disconnect(name, projectId)));
    expect(await fixture.networks.isConnected(name, projectId)).toBe(false);
    await fixture.networks.disconnect('no-such-container', projectId);
    await expect(fixture.networks.connect('no-such-container', projectId)).rejects.toThrow(
      EngineNotFoundError,
    );
    expect(await fixture.networks.remove(projectId)).toBe('removed');
    await fixture.networks.disconnect(name, projectId);
  });

  it('rejects containers and networks of others', async () => {
    const { projectId } = newOwner();
    const name = `nexos-${INSTANCE}-stranger`;
    await startContainer(name, { [FOREIGN_LABEL]: INSTANCE });
    const docker = rawEngine();
    try {
      await fixture.networks.ensure(projectId);
      await expect(fixture.networks.connect(name, projectId)).rejects.toThrow(EngineForeignError);
    } finally {
      await docker.getContainer(name).remove({ force: true });
    }
    const taken = newOwner().projectId;
    const foreign = await docker.createNetwork({
      Name: networkName(INSTANCE, taken),
      Driver: 'bridge',
      Labels: { [FOREIGN_LABEL]: INSTANCE },
    });
    try {
      await expect(fixture.networks.ensure(taken)).rejects.toThrow(EngineForeignError);
      await expect(fixture.networks.remove(taken)).rejects.toThrow(EngineForeignError);
    } finally {
      await foreign.remove();
    }
  });
});
