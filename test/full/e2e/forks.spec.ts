import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { GithubApi } from '../../support/github-api/github-api.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { pullRequestPayload } from '../../support/nexos/pull-request-payload.js';
import { reviewPayload } from '../../support/nexos/review-payload.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

const APP_ID = '4242';
const MAINTAINER = { id: 77, login: 'maintainer' };
const NUMBER = 1;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Answers with what it was built and is run with. */
const APP = {
  Dockerfile: `FROM nexos-local/node
WORKDIR /app
RUN --mount=type=secret,id=TOKEN cp /run/secrets/TOKEN built.txt 2>/dev/null || echo none > built.txt
COPY server.js .
CMD ["node", "server.js"]
`,
  'server.js': `const built = require('fs').readFileSync('built.txt', 'utf8').trim();
const { TOKEN = 'none', LEVEL = 'none', OWN = 'none', NEXOS_BRANCH } = process.env;
require('http').createServer((_, response) => response.end([built, TOKEN, LEVEL, OWN, NEXOS_BRANCH].join(' ')))
  .listen(process.env.PORT, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`,
  'nexos.yaml': 'env: { OWN: mine }\n',
};

describe('a pull request of a fork', () => {
  let api: GithubApi;
  let nexos: NexosStack;

  beforeAll(async () => {
    api = await GithubApi.start({ id: APP_ID, publicKey });
    nexos = await NexosStack.start(inject('system'), {
      env: {
        GITHUB_API_URL: api.url,
        GITHUB_APP_ID: APP_ID,
        REPOSITORIES: 'any',
        GITHUB_APP_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
    });
  });
  afterAll(async () => {
    await nexos.stop();
    await api.stop();
  });

  it('is deployed once its commit is approved, without secrets, and destroyed when it is closed', async () => {
    const project = await TestProject.create(nexos, {
      pull_requests: { forks: 'approved' },
      env: { LEVEL: 'high' },
    });
    // As the payloads say.
    api.install(project.fullName, 1);
    api.repositories.permit(project.fullName, MAINTAINER, 'write');
    const pull = api.pullRequests.open(project.fullName, 'main', 'stranger/fork');
    await nexos.api.request('PUT', `/projects/${project.id}/env-vars`, {
      key: 'TOKEN',
      value: 'the-secret-of-the-project',
      build: 'secret',
    });
    const main = await project.deploy(APP);
    expect(main).toMatchObject({ status: 'live', failure: null });
    const environment = await project.environment();
    const ofMain = 'the-secret-of-the-project the-secret-of-the-project high mine main';
    expect((await visit(environment.url)).body).toBe(ofMain);

    const sha = await project.repository.commit({ files: { 'more.txt': 'x' }, branch: 'fork', from: 'main' });
    await project.repository.pushPull('fork', NUMBER);
    const fields = { repository: project.fullName, head: 'main', sha, number: NUMBER, isFork: true };
    const tell = (action: string, second: number) =>
      nexos.webhooks.deliver('pull_request', pullRequestPayload({ ...fields, action, second }));
    expect(await tell('opened', 1)).toMatchObject({ outcome: 'skipped', reason: 'not_approved' });

    const review = reviewPayload({ ...fields, reviewer: MAINTAINER, second: 2, installationId: 1 });
    await nexos.webhooks.deliver('pull_request_review', review);
    const fork = await project.environment(`pull:${NUMBER}`);
    expect(await nexos.api.waitForDeployment(fork.id, sha)).toMatchObject({ status: 'live' });
    expect((await visit(fork.url)).body).toBe('none none none mine pull:1');
    expect((await visit(environment.url)).body).toBe(ofMain);

    expect(await tell('closed', 3)).toMatchObject({ outcome: 'destroyed' });
    expect((await visit(environment.url)).body).toBe(ofMain);
    expect(api.checkRuns.all.filter(({ headSha }) => headSha === sha).length).toBeGreaterThan(0);
    expect(pull.comments.length).toBeLessThanOrEqual(1);
    expect(api.malformed).toEqual([]);
  });
});
