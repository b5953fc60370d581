import { existsSync, statSync } from 'node:fs';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setup } from '../../../docker/local/setup.js';
import { createTestClone, plainEnvironment } from '../../integration/setup/test-clone.js';
import { findTheEngine } from '../../support/machine.js';

describe('setup with isolated builds', () => {
  const clone = createTestClone();
  const environment = { ...plainEnvironment(), BUILD_DISK_MB: '4096' };
  const run = (builds?: 'isolated' | 'shared') =>
    setup({
      ...{ home: clone.home, configDir: clone.configDir, log: clone.log, environment },
      ...(builds && { builds }),
    });
  let first: Awaited<ReturnType<typeof setup>>;

  beforeAll(async () => {
    first = await run('isolated');
  });
  afterAll(() => clone.remove());

  const engineId = async () => {
    const name = `nexos-${first.instance}-build-engine`;
    const [found] = await (await findTheEngine()).listContainers({ all: true, filters: { name: [name] } });
    return found?.Id;
  };

  it('gives the builder an engine with the images that builds can pull from nowhere', async () => {
    const { DOCKER_HOST: host = '' } = first.builderEnv;
    expect(host).not.toBe(first.env.DOCKER_HOST);
    const engine = new Docker({ socketPath: host.replace('unix://', '') });
    for (const name of [first.images.debian, first.images.node, first.images.postgres])
      expect((await engine.getImage(name).inspect()).Id).toMatch(/^sha256:/);
    const { MemTotal } = (await engine.info()) as { MemTotal: number };
    expect(MemTotal).toBeGreaterThan(0);
  });

  it('gives the apps a registry, and the key that signs its tokens to their user alone', async () => {
    const { REGISTRY_URL: registry, REGISTRY_TOKEN_PEM_FILE: pem = '' } = first.env;
    expect((await fetch(`http://${registry ?? ''}/v2/`)).status).toBe(401);
    expect(statSync(pem).mode & 0o777).toBe(0o600);
    expect(clone.lines.join('\n')).not.toContain('PRIVATE KEY');
  });

  it('leaves the engine as it is when nothing has changed, and for commands that say nothing about it', async () => {
    const before = await engineId();
    await run('isolated');
    const { builderEnv } = await run();
    expect(builderEnv).toEqual(first.builderEnv);
    expect(await engineId()).toBe(before);
  });

  it('goes back to the engine of the machine, and keeps the registry', async () => {
    const { env, builderEnv } = await run('shared');
    expect(builderEnv).toEqual({});
    expect(env.REGISTRY_URL).toBe(first.env.REGISTRY_URL);
    expect(existsSync(env.REGISTRY_TOKEN_PEM_FILE ?? '')).toBe(true);
    expect(await engineId()).toBeUndefined();
  });
});
