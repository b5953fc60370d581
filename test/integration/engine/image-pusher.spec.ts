import { EngineError, EngineForeignError, ownerLabels } from '@nexos/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BASE_IMAGE,
  buildOf,
  type EngineFixture,
  engineFixture,
  eventually,
  INSTANCE,
  rawEngine,
  removeLeftovers,
} from './engine-fixture.js';

/** Debian's registry, standing in for an operator's. */
const REGISTRY = `FROM ${BASE_IMAGE}
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends docker-registry
RUN printf '%s\\n' 'version: 0.1' 'storage:' '  filesystem:' '    rootdirectory: /srv' 'http:' '  addr: 0.0.0.0:5000' > /registry.yml
CMD ["docker-registry", "serve", "/registry.yml"]
`;
/** The build installs Debian packages, whose mirrors can be slow. */
const BUILD_MS = 180_000;
const START_MS = 60_000;
const ANSWER_MS = 2_000;
const never = new AbortController().signal;

let fixture: EngineFixture;
let registry: string;

beforeAll(async () => {
  await removeLeftovers();
  const bootstrap = await engineFixture();
  const build = buildOf(REGISTRY, { signal: AbortSignal.timeout(BUILD_MS) });
  const { imageId } = await bootstrap.builder.build(build).catch((cause: unknown) => {
    const log = build.lines.map(({ text }) => text).join('\n');
    throw new Error(`the registry's image was not built; its log:\n${log}`, { cause });
  });
  await bootstrap.close();
  const container = await rawEngine().createContainer({
    Image: imageId,
    Labels: ownerLabels(INSTANCE, {}),
    ExposedPorts: { '5000/tcp': {} },
    HostConfig: { PortBindings: { '5000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
  });
  await container.start({ abortSignal: AbortSignal.timeout(START_MS) });
  const { NetworkSettings } = await container.inspect();
  registry = `127.0.0.1:${NetworkSettings.Ports['5000/tcp']?.[0]?.HostPort ?? ''}`;
  fixture = await engineFixture({ REGISTRY_URL: registry });
  await eventually('the registry answers', () => answers(`http://${registry}/v2/`), START_MS).catch(
    async (cause: unknown) => {
      const log = await container.logs({ stdout: true, stderr: true, tail: 50 });
      throw new Error(`the registry did not come up; its log:\n${log.toString()}`, { cause });
    },
  );
}, 2 * BUILD_MS);
afterAll(async () => {
  await fixture.close();
  await removeLeftovers();
});

/** Each attempt has its own timeout, since a connection may be accepted and never answered. */
async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })).ok;
  } catch {
    return false;
  }
}

describe('ImagePusher', () => {
  it('pushes an image that the registry then serves under the returned digest', async () => {
    const { imageId } = await fixture.builder.build(buildOf('FROM scratch\nLABEL a=b\n'));
    const lines: string[] = [];
    const reference = await fixture.pusher.push(imageId, 'proj-1/env-1', never, ({ text }) => {
      lines.push(text);
    });
    const [name, digest = ''] = reference.split('@');
    expect(name).toBe(`${registry}/proj-1/env-1`);
    expect(lines.join('\n')).toContain(digest);
    const manifest = await fetch(`http://${registry}/v2/proj-1/env-1/manifests/${digest}`, {
      headers: { accept: 'application/vnd.docker.distribution.manifest.v2+json' },
    });
    expect(await manifest.json()).toMatchObject({ config: { digest: imageId } });
    expect(await fixture.images.remove(imageId)).toBe('removed');
  });

  it('fails without a reachable registry, when aborted, and for an image of others', async () => {
    const { imageId } = await fixture.builder.build(buildOf('FROM scratch\nLABEL a=c\n'));
    const unreachable = await engineFixture({ REGISTRY_URL: '127.0.0.1:1' });
    const unconfigured = await engineFixture({ REGISTRY_URL: '' });
    const noLine = () => undefined;
    await expect(unreachable.pusher.push(imageId, 'a', never, noLine)).rejects.toMatchObject({
      code: 'push_failed',
      isTransient: true,
    });
    await expect(unconfigured.pusher.push(imageId, 'a', never, noLine)).rejects.toThrow(EngineError);
    const stopped = AbortSignal.abort(new Error('superseded'));
    await expect(fixture.pusher.push(imageId, 'a', stopped, noLine)).rejects.toThrow('superseded');
    await expect(fixture.pusher.push(BASE_IMAGE, 'a', never, noLine)).rejects.toThrow(EngineForeignError);
    await Promise.all([unreachable.close(), unconfigured.close()]);
  });
});
