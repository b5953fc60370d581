import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInstance, ownerLabels, readInstance } from '../../../docker/local/home.js';
import { ensureInstance, listClones, removeOrphans } from '../../../docker/local/instances.js';
import { removeInstance } from '../../../docker/local/remove-instance.js';
import { findTheEngine } from '../../support/machine.js';

const IMAGE = 'nexos-local/debian:bookworm';

describe('setup', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nexos-orphans-'));
  const instances: string[] = [];
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
    instances.push(instance);
  });
  afterAll(async () => {
    for (const id of instances) await removeInstance(engine, id, { data: true });
    rmSync(folder, { recursive: true, force: true });
  });

  it('removes containers, services, networks and volumes of a deleted clone', async () => {
    const objects = await createObjects(engine, home, instance);
    rmSync(home, { recursive: true });
    const lines: string[] = [];
    await removeOrphans(engine, await listClones(engine), 'nobody', (line) => lines.push(line));
    for (const object of objects) expect(await exists(object)).toBe(false);
    expect(lines.join('\n')).toContain(`the deleted clone ${home}.`);
  });

  it('removes objects of a deleted clone even if another clone has its path', async () => {
    const objects = await createObjects(engine, home, instance);
    rmSync(home, { recursive: true });
    instances.push(createInstance(home));
    await removeOrphans(engine, await listClones(engine), 'nobody', () => undefined);
    for (const object of objects) expect(await exists(object)).toBe(false);
  });

  it('keeps objects of an existing clone', async () => {
    const objects = await createObjects(engine, home, instance);
    await removeOrphans(engine, await listClones(engine), 'nobody', () => undefined);
    for (const object of objects) expect(await exists(object)).toBe(true);
  });

  it('keeps objects of clones on other machines', async () => {
    const labels = { ...ownerLabels(home, instance), 'dev.nexos.machine': 'another' };
    const network = await engine.createNetwork({ Name: `nexos-${instance}-far`, Labels: labels });
    rmSync(home, { recursive: true });
    await removeOrphans(engine, await listClones(engine), 'nobody', () => undefined);
    expect(await exists(network)).toBe(true);
  });

  it('keeps the id of a moved clone and gives a copied clone a new one', () => {
    const clonesOnEngine = [{ home, instance }];
    const second = join(folder, 'second');
    mkdirSync(second);
    writeFileSync(join(second, 'instance'), instance);
    expect(ensureInstance(second, clonesOnEngine, () => undefined)).not.toBe(instance);
    rmSync(home, { recursive: true });
    writeFileSync(join(second, 'instance'), instance);
    expect(ensureInstance(second, clonesOnEngine, () => undefined)).toBe(instance);
    expect(readInstance(second)).toBe(instance);
  });
});

interface EngineObject {
  inspect(): Promise<unknown>;
}

/** Creates an object of each kind. */
async function createObjects(engine: Docker, home: string, instance: string): Promise<EngineObject[]> {
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
    // Services of the apps have no label with the path.
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

async function exists(object: EngineObject): Promise<boolean> {
  try {
    await object.inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}
