import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInstance, ownerLabels, readInstance } from '../../../docker/local/home.js';
import { ownInstance, readClaims, removeOrphans } from '../../../docker/local/instances.js';
import { removeInstance } from '../../../docker/local/remove-instance.js';
import { findTheEngine } from '../../support/machine.js';

const IMAGE = 'nexos-local/debian:bookworm';

describe('what a deleted clone left on the engine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nexos-orphans-'));
  const made: string[] = [];
  let engine: Docker;
  let clones = 0;
  let home: string;
  let instance: string;

  beforeAll(async () => {
    engine = await findTheEngine();
  });
  beforeEach(() => {
    clones += 1;
    home = join(folder, `clone-${clones}`);
    instance = createInstance(home);
    made.push(instance);
  });
  afterAll(async () => {
    for (const id of made) await removeInstance(engine, id, { data: true });
    rmSync(folder, { recursive: true, force: true });
  });

  it('is removed: containers, services, networks and volumes', async () => {
    const things = await leaveThings(engine, home, instance);
    rmSync(home, { recursive: true });
    const lines: string[] = [];
    await removeOrphans(engine, await readClaims(engine), 'nobody', (line) => lines.push(line));
    for (const thing of things) expect(await exists(thing)).toBe(false);
    expect(lines.join('\n')).toContain(`${home} is gone`);
  });

  it('is removed when another clone has taken its path', async () => {
    const things = await leaveThings(engine, home, instance);
    rmSync(home, { recursive: true });
    made.push(createInstance(home));
    await removeOrphans(engine, await readClaims(engine), 'nobody', () => undefined);
    for (const thing of things) expect(await exists(thing)).toBe(false);
  });

  it('is not touched while the clone is there', async () => {
    const things = await leaveThings(engine, home, instance);
    await removeOrphans(engine, await readClaims(engine), 'nobody', () => undefined);
    for (const thing of things) expect(await exists(thing)).toBe(true);
  });

  it('is not touched when it was left from another machine', async () => {
    const labels = { ...ownerLabels(home, instance), 'dev.nexos.machine': 'another' };
    const network = await engine.createNetwork({ Name: `nexos-${instance}-far`, Labels: labels });
    rmSync(home, { recursive: true });
    await removeOrphans(engine, await readClaims(engine), 'nobody', () => undefined);
    expect(await exists(network)).toBe(true);
  });

  it('goes with a clone that was moved, and not with one that was copied', () => {
    const claims = [{ home, instance }];
    const second = join(folder, 'second');
    mkdirSync(second);
    writeFileSync(join(second, 'instance'), instance);
    expect(ownInstance(second, claims, () => undefined)).not.toBe(instance);
    rmSync(home, { recursive: true });
    writeFileSync(join(second, 'instance'), instance);
    expect(ownInstance(second, claims, () => undefined)).toBe(instance);
    expect(readInstance(second)).toBe(instance);
  });
});

interface Thing {
  inspect(): Promise<unknown>;
}

/** Makes one of each kind. */
async function leaveThings(engine: Docker, home: string, instance: string): Promise<Thing[]> {
  const labels = ownerLabels(home, instance);
  const name = `nexos-${instance}`;
  const options = { Name: `${name}-net`, Driver: 'overlay', Attachable: true, Labels: labels };
  const network = await engine.createNetwork(options);
  await engine.createVolume({ Name: `${name}-vol`, Labels: labels });
  const container = await engine.createContainer({
    name: `${name}-box`,
    Image: IMAGE,
    Cmd: ['sleep', '1000'],
    Labels: labels,
    HostConfig: { Mounts: [{ Type: 'volume', Source: `${name}-vol`, Target: '/data' }] },
  });
  const { Id: image } = await engine.getImage(IMAGE).inspect();
  const service = await engine.createService({
    Name: `${name}-svc`,
    // The path is left out: a service's own label is the instance alone.
    Labels: { 'dev.nexos.instance': instance },
    TaskTemplate: {
      ContainerSpec: { Image: image, Command: ['sleep', '1000'], StopGracePeriod: 0 },
      Networks: [{ Target: `${name}-net` }],
    },
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
  });
  return [network, engine.getVolume(`${name}-vol`), container, engine.getService(service.id)];
}

async function exists(thing: Thing): Promise<boolean> {
  try {
    await thing.inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}
