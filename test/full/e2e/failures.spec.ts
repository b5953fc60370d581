import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { exitingApp, webApp } from '../../support/nexos/app-source.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { RegistryDouble } from '../../support/registry/registry-double.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

const REGISTRY_PASSWORD = 'the password of the operator';
const good = webApp('the good version');

describe('a failed deployment', () => {
  let nexos: NexosStack;
  let registry: RegistryDouble;
  let project: TestProject;
  let before: Environment;

  beforeAll(async () => {
    registry = await RegistryDouble.start();
    registry.login = { user: 'operator', password: REGISTRY_PASSWORD };
    const env = {
      REGISTRY_RETRY_MS: '100',
      REGISTRY_CREDENTIALS: JSON.stringify([{ host: registry.host, ...registry.login }]),
    };
    nexos = await NexosStack.start(inject('system'), { env });
    project = await TestProject.create(nexos);
    expect(await project.deploy(good)).toMatchObject({ status: 'live' });
    before = await project.environment();
    await nexos.api.request('PATCH', `/projects/${project.id}`, { start_timeout_seconds: 8 });
  });
  afterAll(async () => {
    await nexos.stop();
    await registry.stop();
  });

  /** After each test the good version is still live, and nothing of the bad one is left. */
  afterEach(async () => {
    const after = await nexos.api.get<Environment>(`/environments/${before.id}`);
    expect(after.live_deployment_id).toBe(before.live_deployment_id);
    expect(await visit(before.url)).toMatchObject({ status: 200, body: 'the good version' });
    await eventually('the bad version to be removed', async () => {
      const { services, images } = await nexos.engineResources(`dev.nexos.environment=${before.id}`);
      return services.length === 1 && images.length === 1 ? true : undefined;
    });
    nexos.git.simulate(null);
  });

  it.each<[string, Record<string, string | null>, string, RegExp, RegExp | null]>([
    [
      'the app has no Dockerfile',
      { ...good, Dockerfile: null, 'package.json': '{}' },
      'dockerfile_missing',
      /Found package\.json: .*#nodejs-with-npm/,
      null,
    ],
    [
      'the Dockerfile does not parse',
      { ...good, Dockerfile: 'FROM nexos-local/node\nRUNN npm ci\n' },
      'dockerfile_invalid',
      /RUNN/i,
      null,
    ],
    [
      'a build step fails',
      { ...good, Dockerfile: 'FROM nexos-local/node\nRUN echo "the evidence" && exit 3\n' },
      'build_step_failed',
      /3/,
      /the evidence/,
    ],
    [
      'the base image is unavailable',
      { ...good, Dockerfile: 'FROM registry.invalid/nothing:1\n' },
      'base_image_unavailable',
      /registry\.invalid\/nothing/,
      null,
    ],
    [
      'a copied file is missing',
      { ...good, Dockerfile: 'FROM nexos-local/node\nCOPY nothing.js .\n' },
      'build_step_failed',
      /nothing\.js/,
      null,
    ],
    ['the app exits at once', exitingApp('my last words', 7), 'app_exited', /code 7/, /my last words/],
    [
      'the app cannot be started',
      { ...good, Dockerfile: 'FROM nexos-local/node\nCMD ["/no/such/program"]\n' },
      'app_exited',
      /CMD/,
      null,
    ],
    [
      'the app never answers its port',
      webApp('late', { listensAfterMs: 600_000 }),
      'app_not_answering',
      /PORT/,
      /starting/,
    ],
  ])('reports that %s, and keeps the live version', async (_why, files, code, says, evidence) => {
    const deployment = await project.deploy(files);
    expect(deployment).toMatchObject({ status: 'failed', failure: { code } });
    expect(deployment.failure?.message).toMatch(says);
    const log = (await nexos.api.log(deployment.id)).map((line) => line.text).join('\n');
    expect(log).toContain(`failed: ${deployment.failure?.message ?? ''}`);
    if (evidence !== null) expect(log).toMatch(evidence);
  });

  it('reports a Dockerfile that fetches from this machine, and fetches nothing', async () => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url ?? '');
      response.end('for local eyes only');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const dockerfile = `FROM nexos-local/node\nADD http://${host}/metrics /m\nRUN head -c 300 /m\n`;
    const deployment = await project.deploy({ ...good, Dockerfile: dockerfile });
    expect(deployment.failure).toEqual({
      code: 'build_source_forbidden',
      message: expect.stringContaining(`Line 2 of "Dockerfile": ADD names the host "${host}"`) as string,
    });
    expect(requests).toEqual([]);
    server.close();
  });

  /** Returns an app that copies a file from an image of the registry. */
  const withImage = () => ({
    ...good,
    Dockerfile: `FROM ${registry.image} AS other\n${good.Dockerfile ?? ''}COPY --from=other /id /id\n`,
  });

  it('tries a registry again that limits requests, and says so when it gives up', async () => {
    registry.answer = () => 429;
    const { id, failure } = await project.deploy(withImage());
    expect(failure).toMatchObject({ code: 'base_image_unavailable' });
    expect(failure?.message).toMatch(
      /^Line 1 of "Dockerfile", stage "other": .* limits the rate of requests and answered 429 .* Nexos tried 4 times\.$/,
    );
    const log = (await nexos.api.log(id)).map(({ text }) => text);
    expect(log.filter((line) => /429 Too Many Requests; trying again in 0\.[139] s/.test(line))).toHaveLength(
      3,
    );
  });

  it('reports a registry that refuses the credentials of the project, which count before those of the operator', async () => {
    const other = await TestProject.create(nexos);
    registry.answer = () => 'serve';
    const login = { host: registry.host, user: 'operator', password: 'a wrong password' };
    await nexos.api.request('PUT', `/projects/${other.id}/registries`, login);
    const { failure } = await other.deploy(withImage());
    expect(failure).toMatchObject({ code: 'base_image_unavailable' });
    expect(failure?.message).toContain('refused access (401 Unauthorized). The credentials for');
    expect(failure?.message).not.toContain(login.password);
  });

  it('deploys once the registry answers, with the credentials of the operator', async () => {
    const other = await TestProject.create(nexos);
    let requests = 0;
    registry.answer = () => (++requests > 2 ? 'serve' : 503);
    const deployed = await other.deploy(withImage());
    expect(deployed).toMatchObject({ status: 'live' });
    const log = (await nexos.api.log(deployed.id)).map(({ text }) => text).join('\n');
    expect(log).toContain('503 Service Unavailable; trying again in 0.3 s (3 of 4)');
    expect(log).not.toContain(REGISTRY_PASSWORD);
  });

  it("runs a container's image of a private registry that only the project has credentials for", async () => {
    const other = await TestProject.create(nexos);
    const { login } = registry;
    registry.answer = () => 'serve';
    registry.login = { user: 'team', password: 'the password of the team' };
    await nexos.api.request('PUT', `/projects/${other.id}/registries`, {
      host: registry.host,
      ...registry.login,
    });
    const config = `containers: [{ name: search, image: '${registry.image}' }]\n`;
    const deployed = await other.deploy({ ...good, 'nexos.yaml': config }).finally(() => {
      registry.login = login;
    });
    expect(deployed).toMatchObject({ status: 'live', failure: null });
    const { id } = await other.environment();
    expect(await nexos.containers(`dev.nexos.environment=${id}`)).toHaveLength(2);
    const log = (await nexos.api.log(deployed.id)).map(({ text }) => text).join('\n');
    expect(log).not.toContain('the password of the team');
  });

  it('reports a missing commit', async () => {
    const sha = 'f'.repeat(40);
    await project.deliver('main', sha);
    expect(await nexos.api.waitForDeployment(before.id, sha)).toMatchObject({
      failure: { code: 'commit_not_found' },
    });
  });

  it('reports an unreachable repository', async () => {
    const sha = await project.commit(good);
    nexos.git.simulate({ kind: 'status', status: 503 });
    await project.deliver('main', sha);
    expect(await nexos.api.waitForDeployment(before.id, sha)).toMatchObject({
      failure: { code: 'repository_unreachable' },
    });
  });

  it('reports a missing build context', async () => {
    const lost = await TestProject.create(nexos, { build_context: 'no/such/folder' });
    expect(await lost.deploy(good)).toMatchObject({ failure: { code: 'context_not_found' } });
  });

  it('reports a variable that refers to one that does not exist, and builds nothing', async () => {
    const other = await TestProject.create(nexos);
    const failed = await other.deploy({ ...good, 'nexos.yaml': "env: { URL: '${{ DATABASE_URL }}' }\n" });
    expect(failed).toMatchObject({ failure: { code: 'variables_invalid' } });
    expect((await nexos.api.log(failed.id)).map(({ text }) => text)).not.toContain('building Dockerfile');
  });

  it('reports a build timeout, and ends the step', async () => {
    const slow = await TestProject.create(nexos, { build_timeout_seconds: 10 });
    const files = { Dockerfile: 'FROM nexos-local/node\nRUN sleep 120\n' };
    expect(await slow.deploy(files)).toMatchObject({ failure: { code: 'build_timeout' } });
  });

  it("fails the environment when it is the branch's first, and a later one recovers it", async () => {
    await project.deploy(exitingApp('no', 1), { branch: 'second' });
    const failed = await project.environment('second');
    expect(failed.status).toBe('failed');
    const page = await visit(failed.url, { headers: { accept: 'text/html' } });
    expect(page).toMatchObject({ status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.body).toContain('Deployment failed');

    await project.deploy(webApp('fixed'), { branch: 'second' });
    expect(await project.environment('second')).toMatchObject({ id: failed.id, status: 'running' });
    expect(await visit(failed.url)).toMatchObject({ status: 200, body: 'fixed' });
  });
});
