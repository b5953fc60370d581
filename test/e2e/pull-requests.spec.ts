import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullRequestPayload } from '../support/nexos/pull-request-payload.js';
import { SharedStack } from '../support/nexos/shared-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

const APP = {
  Dockerfile: 'FROM nexos-local/node\nCOPY server.js .\nCMD ["node", "server.js"]\n',
  'server.js': `const server = require('node:http').createServer((_, response) => response.end('one'));
server.listen(process.env.PORT, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`,
  'nexos.yaml': `build: { watch_paths: ['server.js', 'Dockerfile'] }\n`,
  'README.md': 'one',
};

describe('a project that deploys pull requests and watches paths', () => {
  let nexos: SharedStack;
  beforeAll(async () => {
    nexos = await SharedStack.enter();
  });
  afterAll(() => nexos.leave());

  it('deploys a branch when its pull request is opened, builds what matters, and destroys it when it is closed', async () => {
    const project = await TestProject.create(nexos, { deploy_on: 'pull_request' });
    const branch = 'feature';
    const deliver = (action: string, sha: string, second: number) =>
      nexos.webhooks.deliver(
        'pull_request',
        pullRequestPayload({ repository: project.fullName, action, head: branch, sha, second }),
      );
    const first = await project.commit(APP, branch, 'The app');
    expect(await project.deliver(branch, first, 'The app')).toBe('skipped');
    expect(await deliver('opened', first, 1)).toMatchObject({ outcome: 'in-doubt' });
    const environment = await project.environment(branch);
    expect(await nexos.api.waitForDeployment(environment.id, first)).toMatchObject({
      status: 'live',
      commit_message: 'The app',
    });
    expect((await visit(environment.url)).body).toBe('one');

    const skipped = await project.deploy({ 'README.md': 'two' }, { branch });
    expect(skipped).toMatchObject({ status: 'cancelled', skip_reason: 'watch_paths', failure: null });
    const [delivery] = await nexos.api.get<object[]>(`/projects/${project.id}/deliveries?limit=1`);
    expect(delivery).toMatchObject({ outcome: 'skipped', reason: 'watch_paths', deployment_id: skipped.id });
    expect((await visit(environment.url)).body).toBe('one');

    const changed = { 'server.js': APP['server.js'].replace('one', 'two') };
    expect(await project.deploy(changed, { branch })).toMatchObject({ status: 'live', skip_reason: null });
    expect((await visit(environment.url)).body).toBe('two');

    expect(await deliver('closed', first, 2)).toMatchObject({ outcome: 'destroyed' });
    expect(await nexos.api.get(`/environments/${environment.id}`)).toMatchObject({
      status: expect.stringMatching(/^destroy/) as string,
    });
  });
});
