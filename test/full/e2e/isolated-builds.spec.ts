import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { IsolatedBuilds } from '../../support/isolated-builds.js';
import { webApp } from '../../support/nexos/app-source.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

let builds: IsolatedBuilds;
let nexos: NexosStack;

beforeAll(async () => {
  const system = inject('system');
  const instance = `b${randomBytes(3).toString('hex')}`;
  builds = await IsolatedBuilds.start({ instance, images: [system.images.node ?? ''] });
  const appEnv = { builder: { DOCKER_HOST: builds.host } };
  nexos = await NexosStack.start(system, { env: builds.env, appEnv });
});
afterAll(async () => {
  await nexos.stop();
  await builds.stop();
});

describe('an installation with isolated builds', () => {
  it('serves, pauses and resumes what another engine has built', async () => {
    const project = await TestProject.create(nexos);
    await project.deploy(webApp('built elsewhere'));
    const { id, url } = await project.environment();
    expect((await visit(url)).body).toBe('built elsewhere');
    const [image = ''] = await nexos.column<string>('SELECT image_id FROM deployments');
    expect(image).toMatch(new RegExp(`^${builds.registry}/${nexos.instance}/${project.id}/${id}@sha256:`));
    await nexos.api.post(`/environments/${id}/pause`);
    await eventually('the environment to be paused', async () =>
      (await nexos.containers(`dev.nexos.environment=${id}`)).length === 0 ? true : undefined,
    );
    await nexos.api.post(`/environments/${id}/resume`);
    await eventually('the environment to answer again', async () =>
      (await visit(url)).body === 'built elsewhere' ? true : undefined,
    );
  });
});
