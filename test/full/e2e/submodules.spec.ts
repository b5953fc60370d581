import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { accountOf, githubUser } from '../../integration/api/app-access-fixture.js';
import { type TestCommit, TestRepository } from '../../support/git-server/test-repository.js';
import type { GithubApi } from '../../support/github-api/github-api.js';
import { startGithubApp } from '../../support/github-reports/github-app.js';
import { webApp } from '../../support/nexos/app-source.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';
import { NO_COMMIT, pushPayload, repositoryId } from '../../support/nexos/webhook-sender.js';

describe('a repository with submodules and files in Git LFS', () => {
  let nexos: NexosStack;

  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterAll(async () => {
    await nexos.stop();
  });

  it('deploys with the submodule, and its log names what is missing', async () => {
    const lib = await TestRepository.create(await nexos.createRepository('acme', 'sub-lib'));
    const submodule = await lib.commit({ files: { 'lib.js': 'module.exports = "from the submodule";' } });
    await lib.push();
    await lib.remove();
    const project = await TestProject.create(nexos);
    const module = (name: string, url: string) => `[submodule "${name}"]\n\tpath = ${name}\n\turl = ${url}\n`;
    const deployment = await project.deploy({
      ...webApp('unused'),
      Dockerfile: 'FROM nexos-local/node\nWORKDIR /app\nCOPY . .\nCMD ["node","server.js"]\n',
      'server.js':
        "const lib = require('./lib/lib.js');require('http').createServer((q, r) => r.end(lib)).listen(process.env.PORT)",
      '.gitmodules': module('lib', '../sub-lib.git') + module('local', 'file:///srv/git/local.git'),
      lib: { submodule },
      local: { submodule },
      'big.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 123456\n`,
    });
    const log = (await nexos.api.log(deployment.id)).map(({ text }) => text);
    expect(deployment, log.join('\n')).toMatchObject({ status: 'live' });
    const { url } = await project.environment();
    expect(await visit(url)).toMatchObject({ status: 200, body: 'from the submodule' });
    expect(log.filter((line) => line.includes('the submodule'))).toEqual([
      'the submodule local is an empty folder: its address in .gitmodules begins with file://, which is not fetched',
    ]);
    expect(log.filter((line) => line.includes('LFS'))).toEqual([
      'files in Git LFS are not fetched; the build gets their pointers: big.bin',
    ]);
    expect(log.find((line) => line.startsWith('fetched'))).toMatch(/^fetched with 1 submodule in /);
  });
});

describe('private submodules with a GitHub App', () => {
  const INSTALLATION = 1;
  let github: GithubApi;
  let nexos: NexosStack;

  beforeAll(async () => {
    const app = await startGithubApp();
    github = app.api;
    nexos = await NexosStack.start(inject('system'), {
      env: { ...app.env, REPOSITORIES: 'connected', REGISTRY_RETRY_MS: '100' },
    });
  });
  afterAll(async () => {
    await nexos.stop();
    await github.stop();
  });

  /** Creates a private repository with a commit, which only tokens of the App read from then on. */
  async function privateRepository(name: string, files: TestCommit['files'], installation = INSTALLATION) {
    const repository = await TestRepository.create(await nexos.createRepository('acme', name));
    const sha = await repository.commit({ files });
    await repository.push();
    await repository.remove();
    // Deliveries have the same id.
    github.repositories.create(`acme/${name}`, { id: repositoryId(`acme/${name}`) });
    github.install(`acme/${name}`, installation);
    nexos.git.protect(`acme/${name}`, (token) => github.installations.canRead(token, `acme/${name}`));
    return sha;
  }

  it('are fetched if the account may read them, and the log names those that it may not', async () => {
    const user = githubUser();
    const { api } = await accountOf(nexos, user);
    const module = (name: string, url: string) => `[submodule "${name}"]\n\tpath = ${name}\n\turl = ${url}\n`;
    const deep = await privateRepository('deep', { 'deep.js': 'module.exports = "deep";' });
    const lib = await privateRepository('lib', {
      'lib.js': 'module.exports = "lib and " + require("./deep/deep.js");',
      '.gitmodules': module('deep', '../deep'),
      deep: { submodule: deep },
    });
    const direct = await privateRepository('direct', { 'direct.js': 'module.exports = "direct";' });
    const secret = await privateRepository('secret', { 'secret.txt': 'secret' });
    const foreign = await privateRepository('foreign', { 'foreign.txt': 'foreign' }, 2);
    for (const name of ['lib', 'deep', 'direct', 'foreign'])
      github.repositories.permit(`acme/${name}`, user, 'read');
    const files = {
      ...webApp('unused'),
      Dockerfile: 'FROM nexos-local/node\nWORKDIR /app\nCOPY . .\nCMD ["node","server.js"]\n',
      'server.js': `const text = [require('./lib/lib.js'), require('./direct/direct.js'),
        ...['secret', 'foreign', 'gone'].map((name) => require('fs').readdirSync(name).length)].join(' ');
        require('http').createServer((q, r) => r.end(text)).listen(process.env.PORT)`,
      '.gitmodules': [
        module('lib', '../lib.git'),
        module('direct', `${nexos.git.url}/acme/direct.git`),
        ...['secret', 'foreign', 'gone'].map((name) => module(name, `../${name}`)),
      ].join(''),
      lib: { submodule: lib },
      direct: { submodule: direct },
      secret: { submodule: secret },
      foreign: { submodule: foreign },
      gone: { submodule: secret },
    };
    const after = await privateRepository('app', files);
    github.repositories.permit('acme/app', user, 'write');
    const project = await api.createProject({
      name: 'app',
      github_repo: 'acme/app',
      cpu: 1,
      memory_mb: 64,
      start_timeout_seconds: 20,
    });
    let failures = 0;
    github.failWhen((request) =>
      request.includes('/acme/lib/collaborators/') && failures++ === 0
        ? { kind: '502', isApplied: false }
        : null,
    );
    const push = { repository: 'acme/app', branch: 'main', before: NO_COMMIT, after };
    await nexos.webhooks.deliver('push', { ...pushPayload(push), installation: { id: INSTALLATION } });
    const { id, url } = await api.waitForEnvironment(project.id, 'main');
    const deployment = await api.waitForDeployment(id, after);
    const log = (await api.log(deployment.id)).map(({ text }) => text);
    expect(deployment, log.join('\n')).toMatchObject({ status: 'live' });
    expect(await visit(url)).toMatchObject({ status: 200, body: 'lib and deep direct 0 0 0' });
    expect(log.filter((line) => line.includes('trying again'))).toEqual([
      'the Git host did not answer; trying again in 0.1 s (2 of 4)',
    ]);
    expect(log.find((line) => line.startsWith('fetched'))).toMatch(/^fetched with 3 submodules in /);
    const lines = log.filter((line) => line.startsWith('the submodule '));
    const same = lines.map((line) => line.replaceAll(/secret|foreign|gone/g, 'NAME'));
    expect(lines.map((line) => line.split(' ')[2]).sort()).toEqual(['foreign', 'gone', 'secret']);
    expect(same).toEqual([same[0], same[0], same[0]]);
    expect(same[0]).toContain("read access for the project's account");
    const tokens = github.tokenRequests.filter(({ permissions }) => permissions?.contents !== undefined);
    for (const { repositories } of tokens) expect(repositories).toHaveLength(1);
    expect(tokens.flatMap(({ repositories = [] }) => repositories)).not.toContain('secret');
    expect(tokens.flatMap(({ repositories = [] }) => repositories)).not.toContain('foreign');
    const builder = readFileSync(join(nexos.home, 'builder.log'), 'utf8');
    expect(`${log.join('\n')}${builder}`).not.toMatch(/ghs_\d/);
    expect(github.malformed).toEqual([]);
  });
});
