import type { DeploymentsRepository } from '@nexos/state';
import type { Images } from '@nexos/engine';
import {
  type DeploymentSettings,
  deploymentSettings,
  type SettingsChange,
  type StoredSources,
} from '@nexos/settings';
import { describe, expect, it } from 'vitest';
import { BuildLostError } from '../builds/build-lease.js';
import type { BuildTask } from '../builds/build-task.js';
import { ExposedPort } from './exposed-port.js';

/** Applies the ports of an image; returns what is stored, or null when nothing changes. */
async function apply(
  exposedPorts: readonly number[],
  {
    port = 3000,
    sources = {},
    isHeld = true,
  }: { port?: number; sources?: StoredSources | null; isHeld?: boolean } = {},
) {
  let stored: { port: number; sources: StoredSources } | null = null;
  const settings = deploymentSettings({ port });
  const exposed = new ExposedPort(
    {
      get: () => Promise.resolve({ settings, settingSources: sources }),
      setSettings: (_build: object, after: { port: number }, afterSources: StoredSources) => {
        stored = { port: after.port, sources: afterSources };
        return Promise.resolve(isHeld);
      },
    } as unknown as DeploymentsRepository,
    { inspect: () => Promise.resolve({ exposedPorts }) } as unknown as Images,
  );
  const notes: string[] = [];
  const log = { note: (text: string) => notes.push(text) };
  const images = { imageId: 'image', containerImageIds: [] };
  await exposed.apply({ deployment: { id: 'dep_1' }, log } as unknown as BuildTask, images);
  return { stored, notes };
}

describe('ExposedPort', () => {
  it('takes the one TCP port that the image exposes, where nobody has set one', async () => {
    const { stored, notes } = await apply([8080], { sources: { cpu: 'project' } });
    expect(stored).toEqual({ port: 8080, sources: { cpu: 'project', port: 'image' } });
    expect(notes).toEqual(['the image exposes port 8080, which is the port of the app, as none is set']);
  });

  it.each<StoredSources>([{ port: 'project' }, { port: 'nexos.yaml' }])(
    'keeps the port that is set: %j',
    async (sources) => {
      expect(await apply([8080], { port: 4000, sources })).toEqual({ stored: null, notes: [] });
    },
  );

  it('keeps the default where the image exposes none or several, and says so', async () => {
    expect(await apply([])).toEqual({ stored: null, notes: [] });
    expect(await apply([80, 443])).toEqual({
      stored: null,
      notes: ['the image exposes the ports 80, 443; the port is 3000, as none is set'],
    });
  });

  it('leaves deployments alone whose sources are unknown', async () => {
    expect((await apply([8080], { sources: null })).stored).toBeNull();
  });

  it('forgets the port of an earlier attempt whose image exposed another one, or none', async () => {
    const before = { port: 8080, sources: { port: 'image' } } as const;
    expect((await apply([9090], before)).stored).toEqual({ port: 9090, sources: { port: 'image' } });
    expect((await apply([], before)).stored).toEqual({ port: 3000, sources: {} });
    expect((await apply([8080], before)).stored).toBeNull();
  });

  it('rejects when another builder has taken over', async () => {
    await expect(apply([8080], { isHeld: false })).rejects.toThrow(BuildLostError);
  });
});

describe('ExposedPort of further containers', () => {
  /** Applies the ports of images; returns what is stored. */
  async function applyAll(
    containers: NonNullable<SettingsChange['containers']>,
    ports: Readonly<Record<string, readonly number[]>>,
    before: { ports?: (number | null)[]; sources?: StoredSources } = {},
  ) {
    let stored: { ports: (number | null)[]; sources: StoredSources } | null = null;
    const given = deploymentSettings({ containers: containers as never });
    const settings: DeploymentSettings = {
      ...given,
      containers: given.containers.map((one, at) => ({ ...one, port: before.ports?.[at] ?? one.port })),
    };
    const exposed = new ExposedPort(
      {
        get: () => Promise.resolve({ settings, settingSources: before.sources ?? { port: 'project' } }),
        setSettings: (_build: object, after: DeploymentSettings, sources: StoredSources) => {
          stored = { ports: after.containers.map(({ port }) => port), sources };
          return Promise.resolve(true);
        },
      } as unknown as DeploymentsRepository,
      {
        inspect: (id: string) => Promise.resolve({ exposedPorts: ports[id] ?? [] }),
      } as unknown as Images,
    );
    const notes: string[] = [];
    const log = { note: (text: string) => notes.push(text) };
    const images = { imageId: 'app', containerImageIds: containers.map(({ name }) => name) };
    await exposed.apply({ deployment: { id: 'dep_1' }, log } as unknown as BuildTask, images);
    return { stored, notes };
  }

  it('takes the port of each public container without one from its own image', async () => {
    const { stored, notes } = await applyAll(
      [{ name: 'site', public: true }, { name: 'api', public: true, port: 3001 }, { name: 'cache' }],
      { app: [9000], site: [80], api: [8080], cache: [6379] },
    );
    expect(stored).toEqual({
      ports: [80, 3001, null],
      sources: { port: 'project', 'containers.site.port': 'image' },
    });
    expect(notes).toEqual([
      '[site] the image exposes port 80, which is the port of the container, as none is set',
    ]);
  });

  it('leaves the default where the image exposes none or several', async () => {
    const { stored, notes } = await applyAll([{ name: 'site', public: true }], { site: [80, 443] });
    expect(stored).toBeNull();
    expect(notes).toEqual(['[site] the image exposes the ports 80, 443; the port is 3000, as none is set']);
  });

  it('forgets the port of an earlier attempt whose image exposed another one', async () => {
    const sources = { port: 'project', 'containers.site.port': 'image' } as const;
    const { stored } = await applyAll([{ name: 'site', public: true }], {}, { ports: [80], sources });
    expect(stored).toEqual({ ports: [null], sources: { port: 'project' } });
  });
});
