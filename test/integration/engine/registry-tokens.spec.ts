import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryTokens } from '@nexos/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { newRegistryKey, removeInstallation, startRegistry } from '../../support/machine.js';
import { waitingProgram } from '../../support/registry/waiting-program.js';
import {
  buildOf,
  type EngineFixture,
  engineFixture,
  INSTANCE as WORKER,
  newOwner,
  nextTestSubnet,
  rawEngine,
  tarOf,
} from './engine-fixture.js';

/** An installation of its own, in the form that setup of other clones takes for one. */
const INSTANCE = WORKER.replace('-', '');
const never = new AbortController().signal;
const noLine = () => undefined;
const HALF_LIFE_MS = 16 * 24 * 3600 * 1000;
const DOCKERFILE = 'FROM scratch\nCOPY wait /wait\nCMD ["/wait"]\n';

let folder: string;
let host: string;
let pem: string;
let fixture: EngineFixture;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nexos-registry-'));
  ({ host, pem } = await startRegistry(INSTANCE, folder));
  fixture = await engineFixture({
    NEXOS_INSTANCE: INSTANCE,
    REGISTRY_URL: host,
    REGISTRY_TOKEN_PEM_FILE: pem,
  });
});
afterAll(async () => {
  await fixture.close();
  await removeInstallation(INSTANCE);
  rmSync(folder, { recursive: true });
});

/** Builds an image of one project and pushes it; only the registry has it then. */
async function pushed(owner = newOwner()) {
  // The label makes it an image of its own.
  const Dockerfile = `${DOCKERFILE}LABEL of=${owner.projectId}\n`;
  const build = buildOf(Dockerfile, { context: tarOf({ Dockerfile, wait: waitingProgram() }) });
  const { imageId } = await fixture.builder.build(build);
  const repository = `${INSTANCE}/${owner.projectId}/${owner.environmentId}`;
  const reference = await fixture.pusher.push(imageId, repository, never, noLine);
  await fixture.images.remove(imageId);
  return { owner, repository, reference, digest: reference.split('@')[1] ?? '' };
}

/** Asks the registry for a manifest; returns its status. */
async function read(repository: string, reference: string, token?: string): Promise<number> {
  const url = `http://${host}/v2/${repository}/manifests/${reference}`;
  const headers = {
    accept: 'application/vnd.docker.distribution.manifest.v2+json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const answer = await fetch(url, { headers });
  await answer.body?.cancel();
  return answer.status;
}

function serviceOf({ owner, reference }: Awaited<ReturnType<typeof pushed>>) {
  return {
    ...owner,
    image: reference,
    env: {},
    moves: 0,
    container: 'app',
    index: 0,
    hasSiblings: false,
    cpu: 0.1,
    memoryMb: 64,
    stopGraceSeconds: 1,
  };
}

describe('a registry that takes tokens', () => {
  it('lets nobody in without one of this installation, for this repository and action', async () => {
    const { repository, digest } = await pushed();
    const tokens = RegistryTokens.fromPem(readFileSync(pem, 'utf8'));
    const grant = { repository, actions: ['pull'], lifetimeSeconds: 60 } as const;
    const foreign = RegistryTokens.fromPem(
      readFileSync((await newRegistryKey(join(folder, 'foreign'))).pem, 'utf8'),
    );
    expect(await read(repository, digest, tokens.sign(grant))).toBe(200);
    expect(await read(repository, digest)).toBe(401);
    expect(await read(repository, digest, foreign.sign(grant))).toBe(401);
    expect(await read(repository, digest, tokens.sign(grant, Date.now() - 3_600_000))).toBe(401);
    expect(await read(repository, digest, tokens.sign({ ...grant, actions: ['push'] }))).toBe(401);
    for (const other of [`${INSTANCE}/${newOwner().projectId}`, INSTANCE, `${repository}/more`, '*'])
      expect(await read(repository, digest, tokens.sign({ ...grant, repository: other }))).toBe(401);
    const upload = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.sign(grant)}` },
    });
    expect(upload.status).toBe(401);
  });

  it('serves the image of a service to the node that starts it, and a renewed token restarts nothing', async () => {
    await fixture.swarm.ensure();
    const image = await pushed();
    const { projectId } = image.owner;
    await fixture.networks.ensure(projectId, nextTestSubnet);
    const name = await fixture.services.create(serviceOf(image));
    const running = () =>
      eventually('the task to run', async () => {
        const [task] = await fixture.services.tasks(name);
        return task?.state === 'running' ? task.id : undefined;
      });
    const task = await running();
    expect(await fixture.services.renewPullTokens()).toBe(0);
    const until = await pullUntil(name);
    expect(await fixture.services.renewPullTokens(Date.now() + HALF_LIFE_MS)).toBe(1);
    expect(await pullUntil(name)).toBeGreaterThanOrEqual(until);
    expect(await running()).toBe(task);
    const { Version } = (await rawEngine().getService(name).inspect()) as { Version: { Index: number } };
    expect(Version.Index).toBeGreaterThan(0);
  });

  it('lists what the engine has pulled, until it is removed', async () => {
    await fixture.swarm.ensure();
    const image = await pushed();
    await fixture.networks.ensure(image.owner.projectId, nextTestSubnet);
    const name = await fixture.services.create(serviceOf(image));
    const pulled = await eventually('the image to be pulled', async () =>
      (await fixture.images.listPulled()).find(({ references }) => references.includes(image.reference)),
    );
    await eventually('the task to run', async () =>
      (await fixture.services.tasks(name))[0]?.state === 'running' ? true : undefined,
    );
    expect(await fixture.images.remove(pulled.id)).toBe('in-use');
    await fixture.services.remove(name);
    await eventually('the image to be free', async () =>
      (await fixture.images.remove(pulled.id)) === 'in-use' ? undefined : true,
    );
    expect((await fixture.images.listPulled()).map(({ id }) => id)).not.toContain(pulled.id);
  });

  it('gives a service no token for the image of another project', async () => {
    const image = await pushed();
    const owner = newOwner();
    await fixture.networks.ensure(owner.projectId, nextTestSubnet);
    const name = await fixture.services.create(serviceOf({ ...image, owner }));
    const failed = await eventually('the pull to fail', async () =>
      (await fixture.services.tasks(name)).find(({ state }) => state === 'rejected'),
    );
    expect(failed.error).toMatch(/no such image|No such image/i);
  });
});

async function pullUntil(name: string): Promise<number> {
  const { Spec } = (await rawEngine().getService(name).inspect()) as {
    Spec: { Labels: Record<string, string> };
  };
  return Number(Spec.Labels['dev.nexos.pull-until']);
}
