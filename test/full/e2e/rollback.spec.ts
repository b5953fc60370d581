import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { slowBuild, webApp } from '../../support/nexos/app-source.js';
import type { Deployment, Environment } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { TestProject, deleteProjects } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

describe('a rollback', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterEach(() => deleteProjects(nexos));
  afterAll(() => nexos.stop());

  const untilStatus = (id: string | null, status: string) =>
    eventually(`the deployment to be ${status}`, async () => {
      const deployment = await nexos.api.get<Deployment>(`/deployments/${id ?? ''}`);
      return deployment.status === status ? deployment : undefined;
    });
  const rollBack = async (id: string) => {
    const environment = await nexos.api.post<Environment>(`/environments/${id}/rollback`);
    return environment.latest_deployment_id;
  };
  /** Waits until old versions and their images are gone, and nothing is left to do. */
  const untilSettled = (id: string) =>
    eventually('the environment to be settled', async () => {
      const sql = 'SELECT 1 FROM environments WHERE id = $1 AND generation = observed_generation';
      const settled = (await nexos.column(sql, [id])).length === 1;
      return settled && (await nexos.services(`dev.nexos.environment=${id}`)).length === 1 ? true : undefined;
    });
  const imagesOf = async (id: string) => (await nexos.engineResources(`dev.nexos.environment=${id}`)).images;
  /** Returns what visitors see while `work` runs. */
  async function seenDuring(url: string, work: () => Promise<unknown>): Promise<string[]> {
    const seen: string[] = [];
    let running = true;
    const load = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (running) {
          const { status, body } = await visit(url);
          seen.push(status === 200 ? body : `failed with ${status}`);
        }
      }),
    );
    await work();
    running = false;
    await load;
    return seen;
  }

  it('switches to the previous version and back again, without a build or a failed request', async () => {
    const project = await TestProject.create(nexos);
    const first = await project.deploy(webApp('one'));
    const second = await project.deploy(webApp('two'));
    const { id, url } = await project.environment();
    await untilSettled(id);
    const images = await imagesOf(id);
    expect(images).toHaveLength(2);
    for (const [text, other] of [
      ['one', 'two'],
      ['two', 'one'],
      ['one', 'two'],
    ] as const) {
      const seen = await seenDuring(url, async () => {
        await untilStatus(await rollBack(id), 'live');
        await untilSettled(id);
      });
      expect(new Set(seen)).toEqual(new Set([text, other]));
      expect(await visit(url)).toMatchObject({ body: text });
      expect(await imagesOf(id)).toEqual(images);
    }
    const { live_deployment_id: live } = await nexos.api.get<Environment>(`/environments/${id}`);
    expect(await nexos.api.get<Deployment>(`/deployments/${live ?? ''}`)).toMatchObject({
      trigger: 'rollback',
      commit_sha: first.commit_sha,
      image_digest: first.image_digest,
      started_at: null,
      built_at: null,
    });
    const log = (await nexos.api.log(live ?? '')).map(({ text }) => text);
    expect(log[0]).toBe(`rolling back to ${first.commit_sha?.slice(0, 12) ?? ''} without a build`);
    expect(log.join('\n')).not.toContain('building');

    expect(await project.deploy(webApp('three'))).toMatchObject({ status: 'live', trigger: 'push' });
    await untilSettled(id);
    const refused = await nexos.api.request('POST', `/environments/${id}/rollback`, {
      deployment_id: second.id,
    });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('removed') as string });
    await untilStatus(await rollBack(id), 'live');
    expect(await visit(url)).toMatchObject({ body: 'one' });
  });

  it('supersedes a running build, and leaves no image of it', async () => {
    const project = await TestProject.create(nexos);
    await project.deploy(webApp('one'));
    await project.deploy(webApp('two'));
    await project.push(slowBuild('never', 60));
    const { id, url, latest_deployment_id: building } = await project.environment();
    await untilStatus(building, 'building');
    await untilStatus(await rollBack(id), 'live');
    expect(await visit(url)).toMatchObject({ body: 'one' });
    await untilStatus(building, 'superseded');
    await eventually('the builder to stop', async () => {
      const log = await nexos.api.log(building ?? '');
      return log.some(({ text }) => text === 'the build was stopped') ? true : undefined;
    });
    await untilSettled(id);
    expect(await imagesOf(id)).toHaveLength(2);
  });

  it('takes effect on a resume when the environment is paused', async () => {
    const project = await TestProject.create(nexos);
    await project.deploy(webApp('one'));
    await project.deploy(webApp('two'));
    const { id, url } = await project.environment();
    const untilEnvironmentHasStatus = (status: string) =>
      eventually(`the environment to be ${status}`, async () => {
        const environment = await nexos.api.get<Environment>(`/environments/${id}`);
        return environment.status === status ? true : undefined;
      });
    await nexos.api.post(`/environments/${id}/pause`);
    await untilEnvironmentHasStatus('paused');
    const back = await rollBack(id);
    await untilSettled(id);
    expect(await nexos.api.get(`/deployments/${back ?? ''}`)).toMatchObject({ status: 'deploying' });
    expect(await visit(url)).toMatchObject({ status: 503 });
    await nexos.api.post(`/environments/${id}/resume`);
    await untilStatus(back, 'live');
    expect(await visit(url)).toMatchObject({ status: 200, body: 'one' });
  });

  it('fails when its image is missing from the machine, and keeps the live version', async () => {
    const project = await TestProject.create(nexos);
    const first = await project.deploy(webApp('one'));
    await project.deploy(webApp('two'));
    const { id, url } = await project.environment();
    await untilSettled(id);
    await nexos.removeImage(first.image_digest ?? '');
    expect(await untilStatus(await rollBack(id), 'failed')).toMatchObject({
      failure: { code: 'image_missing' },
    });
    expect(await visit(url)).toMatchObject({ body: 'two' });
  });
});
