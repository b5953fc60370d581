import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { slowBuild, webApp } from '../support/nexos/app-source.js';
import type { Environment } from '../support/nexos/api-client.js';
import { SharedStack } from '../support/nexos/shared-stack.js';
import { TestProject, deleteProjects } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';
import { NO_COMMIT } from '../support/nexos/webhook-sender.js';

describe('a branch', () => {
  let nexos: SharedStack;
  beforeAll(async () => {
    nexos = await SharedStack.enter();
  });
  afterEach(() => deleteProjects(nexos));
  afterAll(() => nexos.leave());

  const untilDestroyed = (id: string) =>
    eventually('the environment to be destroyed', async () => {
      const { status } = await nexos.api.get<Environment>(`/environments/${id}`);
      return status === 'destroyed' ? true : undefined;
    });

  it.each([
    ['quick', 0],
    ['slow', 3],
  ])(
    'ends on the last of ten pushes that are %s to build, and builds none that was replaced',
    async (_, seconds) => {
      const project = await TestProject.create(nexos);
      const commits: string[] = [];
      for (let n = 1; n <= 10; n++) {
        commits.push(await project.commit(slowBuild(`push ${n}`, seconds)));
      }
      await project.deliverAll('main', commits);
      const last = commits.at(-1) ?? '';
      const { id, url } = await project.environment();
      expect(await nexos.api.waitForDeployment(id, last)).toMatchObject({ status: 'live' });
      expect(await visit(url)).toMatchObject({ body: 'push 10' });
      // Another may be built while deliveries still arrive, but only the newest then. The times are those at which the
      // transactions began, which may wait on a busy machine.
      const replaced = await nexos.column(
        `SELECT id FROM deployments build WHERE environment_id = $1 AND EXISTS (
         SELECT 1 FROM deployments newer WHERE newer.environment_id = $1 AND newer.queued_at > build.queued_at
           AND newer.queued_at < build.started_at - interval '5 seconds')`,
        [id],
      );
      expect(replaced).toEqual([]);
      const built = await nexos.column(
        'SELECT id FROM deployments WHERE environment_id = $1 AND started_at IS NOT NULL',
        [id],
      );
      // On a busy machine, quick builds may keep up with some of the deliveries.
      expect(built.length).toBeLessThan(commits.length);
    },
  );

  it('ends on the push that came last to the host when deliveries arrive out of order', async () => {
    const project = await TestProject.create(nexos);
    const first = await project.commit(webApp('first'));
    const second = await project.commit(webApp('second'));
    const now = Math.floor(Date.now() / 1000);
    const push = { repository: project.fullName, branch: 'main' };
    await nexos.webhooks.push({ ...push, before: first, after: second, pushedAt: now });
    const { outcome } = await nexos.webhooks.push({
      ...push,
      before: NO_COMMIT,
      after: first,
      pushedAt: now - 5,
    });
    expect(outcome).toBe('ignored');
    const { id, url } = await project.environment();
    await nexos.api.waitForDeployment(id, second);
    expect(await visit(url)).toMatchObject({ body: 'second' });
    expect(await nexos.column('SELECT id FROM deployments WHERE environment_id = $1', [id])).toHaveLength(1);
  });

  it('is looked up at the host when its pushes leave its tip in doubt', async () => {
    const project = await TestProject.create(nexos);
    const first = await project.commit(webApp('first'));
    await project.commit(webApp('in between'));
    const third = await project.commit(webApp('third'));
    const now = Math.floor(Date.now() / 1000);
    const push = { repository: project.fullName, branch: 'main', pushedAt: now };
    await nexos.webhooks.push({ ...push, before: NO_COMMIT, after: first });
    const doubtful = await nexos.webhooks.push({ ...push, before: 'c'.repeat(40), after: third });
    // The host may have answered already.
    expect(['in-doubt', 'deployed']).toContain(doubtful.outcome);
    const { id, url } = await project.environment();
    const deployment = await nexos.api.waitForDeployment(id, third);
    expect(deployment).toMatchObject({ status: 'live' });
    expect(await nexos.api.waitForDelivery(doubtful.delivery)).toMatchObject({
      outcome: 'deployed',
      projects: [{ deployment_id: deployment.id }],
    });
    expect(await visit(url)).toMatchObject({ body: 'third' });
  });

  it("leaves nothing on the engine when it is deleted as its project's last", async () => {
    const project = await TestProject.create(nexos);
    const belongings = () => nexos.engineResources(`dev.nexos.project=${project.id}`);
    await project.deploy(webApp('one'), { branch: 'topic' });
    await project.deploy(webApp('two'), { branch: 'topic' });
    const { id, url } = await project.environment('topic');
    expect((await belongings()).services).not.toEqual([]);
    await project.deleteBranch('topic');
    await untilDestroyed(id);
    expect(await belongings()).toEqual({ services: [], networks: [], images: [], volumes: [] });
    expect(await visit(url)).toMatchObject({ status: 404 });
    expect(await nexos.api.post<Environment>(`/environments/${id}/destroy`)).toMatchObject({
      status: 'destroyed',
    });
  });
});
