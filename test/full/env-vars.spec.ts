import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { databaseText, processLog, redisText } from '../support/leaks/leak-sources.js';
import { findTheEngine } from '../support/machine.js';
import { webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

const APPS = ['agent', 'api', 'builder', 'integrations', 'lifecycle', 'quota'] as const;
const MOUNT_OF_MISSING = 'RUN --mount=type=secret,id=NPM_TOKEN,required=true true\n';
const secret = `planted-${crypto.randomUUID()}`;
const base64 = Buffer.from(secret).toString('base64');

/** Responds with its variables; logs the secret in several encodings. */
const SERVER = `const { createServer } = require('node:http');
const { TOKEN, STAGE, PORT, NEXOS_BRANCH } = process.env;
console.log('the token is', TOKEN, Buffer.from(String(TOKEN)).toString('base64'));
if (STAGE === 'broken') process.exit(3);
createServer((request, response) => {
  response.end([TOKEN === undefined ? 'none' : TOKEN.split('').reverse().join(''), STAGE, NEXOS_BRANCH].join(' '));
}).listen(PORT, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

/** Returns an app whose build prints the same secret, read from its own repository. */
function app() {
  const { Dockerfile = '' } = webApp('');
  const steps = `RUN echo "step says $(cat secret.txt)" && echo ${crypto.randomUUID()}\n`;
  return {
    Dockerfile: Dockerfile.replace('COPY server.js .\n', `COPY . .\n${steps}`),
    'server.js': SERVER,
    'secret.txt': `${secret}\n`,
  };
}

describe('environment variables', () => {
  let nexos: NexosStack;
  let project: TestProject;
  const answers: string[] = [];
  const reversed = secret.split('').reverse().join('');

  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
    project = await TestProject.create(nexos);
  });
  afterAll(() => nexos.stop());

  const put = async (body: unknown) => {
    const response = await nexos.api.request('PUT', `/projects/${project.id}/env-vars`, body);
    answers.push(await response.clone().text());
    return response;
  };
  const logOf = async (id: string) => {
    const text = (await nexos.api.log(id)).map((line) => line.text).join('\n');
    answers.push(text, JSON.stringify(await nexos.api.get(`/deployments/${id}`)));
    return text;
  };
  const expectNowhere = (where: string, text: string) => {
    for (const form of [secret, reversed, base64, Buffer.from(secret).toString('base64url')]) {
      expect(text.includes(form), `the secret in ${where}`).toBe(false);
    }
  };

  it('passes variables to the apps of matching branches', async () => {
    const variables = [
      { key: 'TOKEN', value: secret },
      { key: 'STAGE', value: 'every' },
      { key: 'STAGE', value: 'feature', branch: 'feature/*' },
      { key: 'STAGE', value: 'broken', branch: 'feature/broken' },
    ];
    expect((await put({ variables })).status).toBe(200);
    expect((await put({ key: 'NEXOS_BRANCH', value: 'mine' })).status).toBe(400);
    expect((await put({ key: 'PORT', value: '1' })).status).toBe(400);

    const main = await project.deploy(app());
    expect(main.status).toBe('live');
    expect(await visit(main.url)).toMatchObject({ body: `${reversed} every main` });
    const feature = await project.deploy(app(), { branch: 'feature/x' });
    expect(await visit(feature.url)).toMatchObject({ body: `${reversed} feature feature/x` });
    const log = await logOf(main.id);
    expect(log).toContain('step says [redacted]');
    expectNowhere('the build log', log);
  });

  it('applies a changed variable with the next deployment', async () => {
    expect((await put({ key: 'STAGE', value: 'second' })).status).toBe(200);
    const { url } = await project.environment();
    expect(await visit(url)).toMatchObject({ body: `${reversed} every main` });
    await project.deploy(app());
    expect(await visit(url)).toMatchObject({ body: `${reversed} second main` });
  });

  it('redacts variables in the last lines of a failed app', async () => {
    const failed = await project.deploy(app(), { branch: 'feature/broken' });
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'app_exited' } });
    const log = await logOf(failed.id);
    expect(log).toContain('the token is [redacted] [redacted]');
    expectNowhere('the last lines', log);
  });

  it('redacts variables that a failing build step quotes', async () => {
    const files = { ...app(), Dockerfile: `FROM nexos-local/node\nRUN echo ${secret} && exit 3\n` };
    const failed = await project.deploy(files, { branch: 'feature/step' });
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'build_step_failed' } });
    expectNowhere('the failure', JSON.stringify(failed));
    expectNowhere('its log', await logOf(failed.id));
  });

  it('gives builds what they are to have, and shows secrets nowhere', async () => {
    const variables = [
      { key: 'BUILD_TOKEN', value: secret, build: 'secret' },
      { key: 'LEVEL', value: 'v-${{ STAGE }}', build: 'arg', secret: false },
    ];
    expect((await put({ variables })).status).toBe(200);
    const files = app();
    const dockerfile = `${files.Dockerfile}ARG LEVEL
ARG NEXOS_COMMIT
ARG NEXOS_BRANCH
RUN --mount=type=secret,id=BUILD_TOKEN,required=true sha256sum /run/secrets/BUILD_TOKEN && cat /run/secrets/BUILD_TOKEN
RUN echo "$LEVEL of $NEXOS_BRANCH at $NEXOS_COMMIT, \${STAGE-no stage}"
`.replace(/^FROM \S+/, '$& AS app');
    const withStages = { ...files, Dockerfile: `${dockerfile}FROM app AS later\nRUN exit 9\n` };
    const built = await project.deploy({ ...withStages, 'nexos.yaml': 'build: { target: app }\n' });
    expect(built).toMatchObject({ status: 'live' });
    const log = await logOf(built.id);
    expect(log).toContain(createHash('sha256').update(secret).digest('hex'));
    expect(log).toContain(`v-[redacted] of main at ${built.commit_sha ?? ''}, no stage`);
    expectNowhere('the build log', log);

    const missing = { ...files, Dockerfile: files.Dockerfile + MOUNT_OF_MISSING, 'nexos.yaml': null };
    const failed = await project.deploy(missing);
    expect(failed.failure).toMatchObject({ code: 'build_step_failed' });
    expect(failed.failure?.message).toMatch(/secret "NPM_TOKEN", .* do not reach builds by default/);
  });

  it('fails the deployment when a variable cannot be decrypted, and keeps the live version', async () => {
    const lost = await TestProject.create(nexos);
    const to = `/projects/${lost.id}/env-vars`;
    await lost.deploy(webApp('before'));
    const { id, url } = await lost.environment();
    await nexos.api.request('PUT', to, { key: 'TOKEN', value: secret });
    await nexos.database.query(
      `UPDATE env_vars SET sealed_value = regexp_replace(sealed_value, '^v1\\.[^.]*', 'v1.00000000') WHERE project_id = $1`,
      [lost.id],
    );
    const failed = await lost.deploy(webApp('after'));
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'secrets_unreadable' } });
    expect(failed.failure?.message).toContain('TOKEN');
    expect(await visit(url)).toMatchObject({ body: 'before' });
    await nexos.api.request('PUT', to, { key: 'TOKEN', value: secret });
    expect(await lost.deploy(webApp('fixed'))).toMatchObject({ status: 'live', environment_id: id });
  });

  it('exposes no variable outside the containers', async () => {
    answers.push(await (await nexos.api.request('GET', `/projects/${project.id}/env-vars`)).text());
    answers.push(JSON.stringify(await nexos.api.get(`/projects/${project.id}/environments`)));
    expectNowhere('an API response', answers.join('\n'));
    expectNowhere('Redis', await redisText(nexos.env.REDIS_URL ?? ''));
    expectNowhere('the database', await databaseText(nexos));
    expectNowhere('the names and labels of services', await serviceText(nexos));
    for (const name of APPS) {
      expectNowhere(`${name}.log`, processLog(nexos, inject('system').home, name));
    }
  });
});

async function serviceText(nexos: NexosStack): Promise<string> {
  const engine = await findTheEngine();
  const label = [`dev.nexos.instance=${nexos.instance}`];
  const services = (await engine.listServices({ filters: { label } })) as unknown as {
    Spec: {
      Name: string;
      Labels: object;
      TaskTemplate: { ContainerSpec: { Labels: object; Env: string[] } };
    };
  }[];
  const variables = services.flatMap(({ Spec }) => Spec.TaskTemplate.ContainerSpec.Env);
  expect(variables).toContain(`TOKEN=${secret}`);
  return JSON.stringify(
    services.map(({ Spec }) => [Spec.Name, Spec.Labels, Spec.TaskTemplate.ContainerSpec.Labels]),
  );
}
