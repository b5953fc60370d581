import { createServer, connect, type Server, type Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineUnavailableError } from '@nexos/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BASE_IMAGE,
  buildOf,
  type EngineFixture,
  engineFixture,
  eventually,
  rawEngine,
  removeLeftovers,
} from './engine-fixture.js';
import { PROMPT_MS } from '../../support/eventually.js';

/** A proxy to the real engine that can be cut, or that swallows everything. */
class EngineProxy {
  private readonly ends = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly forward: boolean) {
    this.server = createServer((client) => this.plug(client));
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve) => this.server.listen(path, resolve));
  }

  cut(): void {
    for (const end of this.ends) end.destroy();
    this.server.close();
  }

  private plug(client: Socket): void {
    this.ends.add(client.on('error', () => client.destroy()));
    if (!this.forward) return;
    const { socketPath, host, port } = rawEngine().modem as {
      socketPath?: unknown;
      host?: string;
      port?: number;
    };
    const engine =
      host === undefined
        ? connect(typeof socketPath === 'string' ? socketPath : '/var/run/docker.sock')
        : connect(Number(port), host);
    this.ends.add(engine.on('error', () => client.destroy()));
    client.pipe(engine).pipe(client);
  }
}

let folder: string;
let real: EngineFixture;

beforeAll(async () => {
  await removeLeftovers();
  folder = await mkdtemp(join(tmpdir(), 'nexos-engine-'));
  real = await engineFixture();
});
afterAll(async () => {
  await real.close();
  await rm(folder, { recursive: true });
  await removeLeftovers();
});

describe('an unreachable engine', () => {
  it('is reported as unavailable when nothing listens', async () => {
    const fixture = await engineFixture({ DOCKER_HOST: `unix://${folder}/none.sock` });
    await expect(fixture.engine.ping()).rejects.toThrow(EngineUnavailableError);
    const build = buildOf(`FROM ${BASE_IMAGE}`);
    await expect(fixture.builder.build(build)).rejects.toMatchObject({ code: 'engine_unavailable' });
  });

  it('is reported as unavailable in time when it accepts connections but never answers', async () => {
    const proxy = new EngineProxy(false);
    await proxy.listen(join(folder, 'silent.sock'));
    const fixture = await engineFixture({ DOCKER_HOST: `unix://${folder}/silent.sock` });
    const begin = performance.now();
    await expect(fixture.engine.ping(200)).rejects.toThrow(EngineUnavailableError);
    expect(performance.now() - begin).toBeLessThan(PROMPT_MS);
    proxy.cut();
  });

  it('fails a build, and never lets it succeed, when the connection breaks during it', async () => {
    const proxy = new EngineProxy(true);
    await proxy.listen(join(folder, 'cut.sock'));
    const fixture = await engineFixture({ DOCKER_HOST: `unix://${folder}/cut.sock` });
    expect(await fixture.engine.info()).toMatchObject({ swarm: { state: 'active', isManager: true } });
    const build = buildOf(`FROM ${BASE_IMAGE}\nRUN echo started; sleep 30`);
    const failure = fixture.builder.build(build).catch((error: unknown) => error);
    await eventually('the step runs', () => build.lines.some(({ text }) => text.endsWith('started')));
    proxy.cut();
    expect(await failure).toMatchObject({ code: 'engine_unavailable' });
    expect(await real.images.exists(build.tag)).toBe(false);
  });
});
