import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Environment } from '../support/nexos/api-client.js';
import { webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

describe('a missed webhook', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    const env = { BRANCH_CHECK_MS: '1000', BRANCH_GRACE_MS: '20000' };
    nexos = await NexosStack.start(inject('system'), { env });
  });
  afterAll(() => nexos.stop());

  it('deploys the push later, and destroys the environment of a branch that is gone', async () => {
    const project = await TestProject.create(nexos);
    await project.deploy(webApp('first'));
    expect(await project.deploy(webApp('feature'), { branch: 'feat' })).toMatchObject({ status: 'live' });
    const [main, feat] = [await project.environment(), await project.environment('feat')];

    await project.commit(webApp('second'));
    await eventually('the push that nobody told of to be live', async () => {
      const { body } = await visit(main.url);
      return body === 'second' ? true : undefined;
    });

    await project.repository.deleteBranch('feat');
    const rebuilt = await nexos.api.post<Environment>(`/environments/${feat.id}/rebuild`);
    await eventually('the log to say that the branch is gone', async () => {
      const log = await nexos.api.log(rebuilt.latest_deployment_id ?? '');
      const line = `the branch feat does not exist in ${project.fullName}; building the commit anyway`;
      return log.some(({ text }) => text === line) ? true : undefined;
    });
    await eventually('the environment to be destroyed', async () => {
      const { status } = await nexos.api.get<Environment>(`/environments/${feat.id}`);
      return status === 'destroyed' ? true : undefined;
    });
    expect(await visit(main.url)).toMatchObject({ status: 200, body: 'second' });
  });
});
