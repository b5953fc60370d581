import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bridgeName, relayName } from '@nexos/engine';
import { relayConfig } from '@nexos/ingress';
import { eventually } from '../../support/eventually.js';
import {
  type EngineFixture,
  engineFixture,
  INSTANCE,
  newOwner,
  nextTestSubnet,
  rawEngine,
  removeLeftovers,
} from './engine-fixture.js';

const HAPROXY_IMAGE = process.env.HAPROXY_IMAGE ?? 'nexos-local/haproxy';
const docker = rawEngine();
const { projectId } = newOwner();
const name = relayName(INSTANCE, projectId);
let fixture: EngineFixture;
let nodeId: string;
let image: string;
let config: string;

beforeAll(async () => {
  await removeLeftovers();
  fixture = await engineFixture();
  nodeId = await fixture.swarm.ensure();
  await fixture.networks.ensure(projectId, nextTestSubnet);
  image = (await fixture.images.inspect(HAPROXY_IMAGE)).id;
  config = relayConfig({ instance: INSTANCE, subnet: await fixture.networks.subnetOf(projectId) });
});
afterAll(async () => {
  await fixture.close();
  await removeLeftovers();
});

const ensure = (memoryMb = 64) =>
  fixture.relays.ensure({
    ...{ projectId, nodeId, image, memoryMb, env: {}, cpu: 1, stopGraceSeconds: 15 },
    command: ['sh', '-euc', `exec haproxy -db -f /dev/stdin <<'END'\n${config}END`],
  });
const containers = () =>
  docker.listContainers({ filters: { label: [`com.docker.swarm.service.name=${name}`] } });

/** Returns the status of a request for a service that does not exist, once the relay answers. */
async function untilAnswers(): Promise<number> {
  const bridge = bridgeName(INSTANCE, projectId);
  return eventually('the relay to answer', async () => {
    const [container] = await containers();
    if (container === undefined) return undefined;
    expect(container.Labels['dev.nexos.bridge']).toBe('true');
    const address = container.NetworkSettings.Networks[bridge]?.IPAddress;
    // As the agent does.
    if (address === undefined) await docker.getNetwork(bridge).connect({ Container: container.Id });
    if (address === undefined || address === '') return undefined;
    const response = await fetch(`http://${address}:8480/`).catch(() => undefined);
    return response?.status;
  });
}

/** Costs about 15 s. */
describe('RelayServices', () => {
  it('starts a relay with limits and without privileges, once', async () => {
    const began = performance.now();
    expect(await Promise.all([ensure(), ensure(), ensure()])).toContain(true);
    expect(await untilAnswers()).toBe(400);
    process.stderr.write(`relay answers after ${Math.round(performance.now() - began)} ms\n`);
    expect(await ensure()).toBe(false);
    expect(await fixture.relays.list()).toEqual([projectId]);
    const [container] = await containers();
    const { HostConfig: host, Config: run } = await docker.getContainer(container?.Id ?? '').inspect();
    expect(host).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], Memory: 64 * 1024 * 1024 });
    expect(host.NanoCpus).toBe(1e9);
    expect(['', '0', 'root']).not.toContain(run.User);
  });

  it('replaces a relay with another specification, and never leaves the project without one', async () => {
    const [old] = await containers();
    expect(await ensure(96)).toBe(true);
    const isReplaced = async () => {
      const found = await containers();
      expect(found.length).toBeGreaterThan(0);
      return found.length === 1 && found[0]?.Id !== old?.Id ? true : undefined;
    };
    await eventually('the new relay', isReplaced);
    expect(await untilAnswers()).toBe(400);
    expect(await ensure(96)).toBe(false);
  });

  it('removes a relay, so that the networks can go', async () => {
    await fixture.relays.remove(name);
    expect(await fixture.relays.list()).toEqual([]);
    await eventually('the networks to go', async () =>
      (await fixture.networks.remove(projectId)) === 'in-use' ? undefined : true,
    );
  });
});
