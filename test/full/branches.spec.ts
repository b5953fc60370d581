import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { webApp } from '../support/nexos/app-source.js';
import type { Environment } from '../support/nexos/api-client.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject, deleteProjects } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';
import { deletePayload } from '../support/nexos/webhook-sender.js';

describe('a branch', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterEach(() => deleteProjects(nexos));
  afterAll(() => nexos.stop());

  const untilDestroyed = (id: string) =>
    eventually('the environment to be destroyed', async () => {
      const { status } = await nexos.api.get<Environment>(`/environments/${id}`);
      return status === 'destroyed' ? true : undefined;
    });

  it('ignores a late delete event when the branch has been pushed again', async () => {
    const project = await TestProject.create(nexos);
    await project.deploy(webApp('first life'), { branch: 'topic' });
    const first = await project.environment('topic');
    await project.deleteBranch('topic');
    await untilDestroyed(first.id);
    const again = await project.deploy(webApp('second life'), { branch: 'topic' });
    expect(again).toMatchObject({ status: 'live', failure: null });
    const second = await project.environment('topic');
    const early = new Date(Date.now() - 3_600_000);
    const late = await nexos.webhooks.deliver('delete', deletePayload(project.fullName, 'topic', early));
    expect(late).toMatchObject({ outcome: 'ignored', reason: 'older' });
    expect(await nexos.api.get(`/environments/${second.id}`)).toMatchObject({ status: 'running' });
    expect(await visit(second.url)).toMatchObject({ body: 'second life' });
  });

  it('gets a working URL regardless of its name, and leaves nothing when it is deleted', async () => {
    const project = await TestProject.create(nexos);
    const branches = [
      '--upload-pack=x',
      'käse/größe',
      '分支/🚀',
      'a'.repeat(200),
      `${'a'.repeat(199)}b`,
      'feature/x',
      'Feature/X',
      'feature-x',
    ];
    const environments: Environment[] = [];
    for (const branch of branches) {
      expect(await project.deploy(webApp(`this is ${branch}`), { branch })).toMatchObject({ status: 'live' });
      const environment = await project.environment(branch);
      expect(environment).toMatchObject({ branch });
      expect(await visit(environment.url)).toMatchObject({ body: `this is ${branch}` });
      environments.push(environment);
    }
    expect(new Set(environments.map(({ url }) => url)).size).toBe(branches.length);
    for (const branch of branches) await project.deleteBranch(branch);
    for (const { id, url } of environments) {
      await untilDestroyed(id);
      expect(await visit(url)).toMatchObject({ status: 404 });
    }
    expect(await nexos.engineResources(`dev.nexos.project=${project.id}`)).toEqual({
      services: [],
      networks: [],
      images: [],
      volumes: [],
    });
  });
});
