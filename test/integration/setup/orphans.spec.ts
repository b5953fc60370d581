import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineError, type EngineApi } from '../../../docker/local/engine-api.mjs';
import { createInstance, readInstance } from '../../../docker/local/home.mjs';
import { ownInstance, readClaims, removeOrphans } from '../../../docker/local/instances.mjs';
import { baseLabels } from '../../../docker/local/platform-container.mjs';
import { removeInstance } from '../../../docker/local/remove-instance.mjs';
import { theEngine } from './a-home.js';

const IMAGE = 'nexos-local/debian:bookworm';

describe('what a deleted clone left on the engine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nexos-orphans-'));
  const made: string[] = [];
  let engine: EngineApi;
  let clones = 0;
  let home: string;
  let instance: string;

  beforeAll(async () => {
    engine = await theEngine();
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
    for (const thing of things) expect(await exists(engine, thing)).toBe(false);
    expect(lines.join('\n')).toContain(`${home} is gone`);
  });

  it('is removed when another clone has taken its path', async () => {
    const things = await leaveThings(engine, home, instance);
    rmSync(home, { recursive: true });
    made.push(createInstance(home));
    await removeOrphans(engine, await readClaims(engine), 'nobody', () => undefined);
    for (const thing of things) expect(await exists(engine, thing)).toBe(false);
  });

  it('is not touched while the clone is there', async () => {
    const things = await leaveThings(engine, home, instance);
    await removeOrphans(engine, await readClaims(engine), 'nobody', () => undefined);
    for (const thing of things) expect(await exists(engine, thing)).toBe(true);
  });

  it('is not touched when it was left from another machine', async () => {
    const labels = { ...baseLabels(home, instance), 'dev.nexos.machine': 'another' };
    await engine.request('POST', '/networks/create', {
      body: { Name: `nexos-${instance}-far`, Labels: labels },
    });
    rmSync(home, { recursive: true });
    await removeOrphans(engine, await readClaims(engine), 'nobody', () => undefined);
    expect(await exists(engine, `/networks/nexos-${instance}-far`)).toBe(true);
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

/** Makes one of each kind, and returns their paths in the engine's API. */
async function leaveThings(engine: EngineApi, home: string, instance: string): Promise<string[]> {
  const labels = baseLabels(home, instance);
  const name = `nexos-${instance}`;
  const body = { Name: `${name}-net`, Driver: 'overlay', Attachable: true, Labels: labels };
  await engine.request('POST', '/networks/create', { body });
  await engine.request('POST', '/volumes/create', { body: { Name: `${name}-vol`, Labels: labels } });
  await engine.request('POST', '/containers/create', {
    query: { name: `${name}-box` },
    body: {
      Image: IMAGE,
      Cmd: ['sleep', '1000'],
      Labels: labels,
      HostConfig: { Mounts: [{ Type: 'volume', Source: `${name}-vol`, Target: '/data' }] },
    },
  });
  const { Id: image } = (await engine.request('GET', `/images/${IMAGE}/json`)) as { Id: string };
  await engine.request('POST', '/services/create', {
    body: {
      Name: `${name}-svc`,
      // The path is left out: a service's own label is the instance alone.
      Labels: { 'dev.nexos.instance': instance },
      TaskTemplate: {
        ContainerSpec: { Image: image, Command: ['sleep', '1000'], StopGracePeriod: 0 },
        Networks: [{ Target: `${name}-net` }],
      },
      Mode: { Replicated: { Replicas: 1 } },
      EndpointSpec: { Mode: 'dnsrr' },
    },
  });
  return [
    `/networks/${name}-net`,
    `/volumes/${name}-vol`,
    `/containers/${name}-box/json`,
    `/services/${name}-svc`,
  ];
}

async function exists(engine: EngineApi, path: string): Promise<boolean> {
  try {
    await engine.request('GET', path);
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return false;
    throw error;
  }
}
