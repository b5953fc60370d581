import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Environment } from '../support/nexos/api-client.js';
import { webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

describe('a push whose commit the Git host no longer has', () => {
  let nexos: NexosStack;
  let project: TestProject;
  let main: Environment;

  beforeAll(async () => {
    const env = { BRANCH_CHECK_MS: '1000', BRANCH_GRACE_MS: '1000' };
    nexos = await NexosStack.start(inject('system'), { env });
    project = await TestProject.create(nexos);
    await project.deploy(webApp('before'));
    main = await project.environment();
    // As a host that has collected what no branch leads to.
    nexos.git.simulate({ kind: 'tips-only' });
  });
  afterAll(() => nexos.stop());

  it('of a branch that is deleted fails with the reason, and leaves no environment', async () => {
    const sha = await project.commit(webApp('deleted'), 'deleted');
    await project.repository.deleteBranch('deleted');
    await project.deliver('deleted', sha);
    const { id } = await project.environment('deleted');
    expect(await nexos.api.waitForDeployment(id, sha)).toMatchObject({
      status: 'failed',
      failure: { code: 'commit_not_found' },
    });
    await eventually('the environment to be destroyed', async () => {
      const { status } = await nexos.api.get<Environment>(`/environments/${id}`);
      return status === 'destroyed' ? true : undefined;
    });
    expect(await nexos.engineResources(`dev.nexos.environment=${id}`)).toMatchObject({ services: [] });
    expect(await visit(main.url)).toMatchObject({ status: 200, body: 'before' });
  });

  it('because of a force push fails with that reason, and the forced commit becomes live', async () => {
    const kept = await project.repository.resolve('refs/heads/main');
    const lost = await project.commit(webApp('lost'));
    await project.repository.forcePush('main', kept ?? '');
    await project.deliver('main', lost);
    expect(await nexos.api.waitForDeployment(main.id, lost)).toMatchObject({
      status: 'failed',
      failure: {
        code: 'commit_not_found',
        message: expect.stringContaining('a force push may have removed it') as string,
      },
    });
    expect(await visit(main.url)).toMatchObject({ status: 200, body: 'before' });
    const forced = await project.push(webApp('forced'));
    expect(await nexos.api.waitForDeployment(main.id, forced)).toMatchObject({ status: 'live' });
    expect(await visit(main.url)).toMatchObject({ status: 200, body: 'forced' });
  });
});
