import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BASE_IMAGE,
  buildOf,
  type EngineFixture,
  engineFixture,
  eventually,
  newOwner,
  nextTestSubnet,
  rawEngine,
  removeLeftovers,
  type TestOwner,
} from './engine-fixture.js';

let fixture: EngineFixture;
let nodeId: string;
let image: string;
const projectId = newOwner().projectId;

beforeAll(async () => {
  await removeLeftovers();
  fixture = await engineFixture();
  nodeId = await fixture.swarm.ensure();
  await fixture.networks.ensure(projectId, nextTestSubnet);
  const says = 'while :; do echo "$NAME" > /tmp/name; sleep 1; done';
  image = (
    await fixture.builder.build(
      buildOf(`FROM ${BASE_IMAGE}\nCMD ["sh", "-c", "${says.replaceAll('"', '\\"')}"]`),
    )
  ).imageId;
});
afterAll(async () => {
  await fixture.close();
  await removeLeftovers();
});

const start = (owner: TestOwner, container: string, index: number, hasSiblings = true) =>
  fixture.services.create({
    ...owner,
    ...{ projectId, image, env: { NAME: container }, moves: 0, container, index, hasSiblings },
    ...{ cpu: 0.1, memoryMb: 32, nodeId, stopGraceSeconds: 1 },
  });
const containerOf = (owner: TestOwner, name: string) =>
  eventually(`${name} runs`, async () => (await idOf(owner, name)) !== undefined).then(() =>
    idOf(owner, name),
  );
async function idOf({ deploymentId }: TestOwner, name: string): Promise<string | undefined> {
  const label = [`dev.nexos.deployment=${deploymentId}`, `dev.nexos.container=${name}`];
  return (await rawEngine().listContainers({ filters: { label } }))[0]?.Id;
}
/** Returns the addresses that a name has inside a container. */
async function resolve(id: string, name: string): Promise<string[]> {
  const exec = await rawEngine()
    .getContainer(id)
    .exec({ Cmd: ['getent', 'ahostsv4', name], AttachStdout: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return [...new Set(text.split('\n').flatMap((line) => /^[0-9.]+/.exec(line) ?? []))];
}
async function addressesOf(id: string): Promise<string[]> {
  const { NetworkSettings } = await rawEngine().getContainer(id).inspect();
  return Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
}

describe('the network of a version', () => {
  it('has the names of its own containers, and of no other version', async () => {
    const [one, other] = [newOwner(), newOwner()];
    for (const owner of [one, other]) {
      await Promise.all([1, 2].map(() => fixture.versions.ensure({ ...owner, projectId })));
      await start(owner, 'app', 0);
      await start(owner, 'api', 1);
    }
    const alone = newOwner();
    await start(alone, 'app', 0, false);
    for (const owner of [one, other]) {
      const [app, api] = [await containerOf(owner, 'app'), await containerOf(owner, 'api')];
      await eventually('the names resolve', async () => (await resolve(app ?? '', 'api')).length > 0);
      const found = await resolve(app ?? '', 'api');
      expect(found).toHaveLength(1);
      expect(await addressesOf(api ?? '')).toContain(found[0]);
      const back = await resolve(api ?? '', 'app');
      expect(await addressesOf(app ?? '')).toContain(back[0]);
      expect(back).toHaveLength(1);
    }
    expect(await resolve((await containerOf(alone, 'app')) ?? '', 'api')).toEqual([]);

    const [network] = await fixture.versions.listForEnvironment(one.environmentId);
    expect(network).toMatchObject({ deploymentId: one.deploymentId });
    expect(await fixture.versions.listForEnvironment(alone.environmentId)).toEqual([]);
    if (network === undefined) return;
    expect(await fixture.versions.remove(network)).toBe('in-use');
    for (const { name } of await fixture.services.listForEnvironment(one.environmentId)) {
      await fixture.services.remove(name);
    }
    await eventually(
      'the network is free',
      async () => (await fixture.versions.remove(network)) !== 'in-use',
    );
    // The engine may still list it for a moment.
    await eventually('it is gone', async () => (await fixture.versions.find(one.deploymentId)) === null);
  });
});
