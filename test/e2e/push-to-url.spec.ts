import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { processLog } from '../support/leaks/leak-sources.js';
import { webApp } from '../support/nexos/app-source.js';
import type { Environment, LogEvent } from '../support/nexos/api-client.js';
import { SharedStack } from '../support/nexos/shared-stack.js';
import { TestProject, deleteProjects } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

describe('a push', () => {
  let nexos: SharedStack;
  beforeAll(async () => {
    nexos = await SharedStack.enter();
  });
  afterEach(() => deleteProjects(nexos));
  afterAll(() => nexos.leave());

  it('becomes a live URL, and streams its log to watchers', async () => {
    const project = await TestProject.create(nexos);
    const sha = await project.push(webApp('hello from main'), { message: 'Say hello' });
    const environment = await project.environment();
    expect(environment.latest_deployment_id).not.toBeNull();
    const events: LogEvent[] = [];
    for await (const event of nexos.api.follow(environment.latest_deployment_id ?? '')) events.push(event);
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { status: 'live' } });
    const texts = events.map((event) => event.data.text).join('\n');
    expect(texts).toContain('fetching');
    expect(texts).toContain('COPY server.js');
    expect(texts).toContain('routing traffic to');
    expect(await visit(environment.url)).toMatchObject({ status: 200, body: 'hello from main' });
    const deployment = await nexos.api.waitForDeployment(environment.id, sha);
    expect(deployment).toMatchObject({
      status: 'live',
      commit_sha: sha,
      commit_message: 'Say hello',
      failure: null,
    });
    const settled = await nexos.api.get<Environment>(`/environments/${environment.id}`);
    expect(settled).toMatchObject({ status: 'running', live_deployment_id: deployment.id });
  });

  it('reports each status change over the API, and to the operator in a log', async () => {
    const project = await TestProject.create(nexos);
    const { id } = await project.deploy(webApp('events'));
    const events = await nexos.api.get<{ to: string }[]>(`/deployments/${id}/events`);
    expect(events.map(({ to }) => to)).toEqual(['live', 'deploying', 'building', 'queued']);
    await eventually('the status changes to be logged', () => {
      const log = processLog(nexos, inject('system').home, 'integrations');
      const isLogged = ['new → queued, by github (push)', 'deploying → live, by system'].every((step) =>
        log.includes(`${id}: ${step}`),
      );
      return Promise.resolve(isLogged ? true : undefined);
    });
  });

  it('has the same log live, archived and resumed midway', async () => {
    const project = await TestProject.create(nexos);
    await project.push(webApp('log'));
    const { latest_deployment_id: id } = await project.environment();
    const live: LogEvent[] = [];
    for await (const event of nexos.api.follow(id ?? '')) live.push(event);
    const lines = live.filter((event) => event.event === 'line');
    const archived = await nexos.api.log(id ?? '');
    expect(archived.map((line) => line.cursor)).toEqual(lines.map((event) => event.id));
    expect(archived.map((line) => line.text)).toEqual(lines.map((event) => event.data.text));
    const half = Math.floor(lines.length / 2);
    const resumed: (string | undefined)[] = [];
    for await (const event of nexos.api.follow(id ?? '', lines[half - 1]?.id)) resumed.push(event.id);
    expect(resumed.filter((cursor) => cursor !== undefined)).toEqual(
      lines.slice(half).map((event) => event.id),
    );
  });

  it('replaces the previous version without a failed request', async () => {
    const project = await TestProject.create(nexos);
    await project.deploy(webApp('one'));
    const { url, id } = await project.environment();
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
    const { status } = await project.deploy(webApp('two'));
    await eventually('the old version to be gone', async () =>
      (await nexos.services(`dev.nexos.environment=${id}`)).length === 1 ? true : undefined,
    );
    running = false;
    await load;
    expect(status).toBe('live');
    expect(new Set(seen)).toEqual(new Set(['one', 'two']));
    expect(seen.lastIndexOf('one')).toBeLessThan(seen.length - 4);
    expect(await visit(url)).toMatchObject({ body: 'two' });
  });

  it('gets its own URL on another branch, which deleting the branch removes', async () => {
    const project = await TestProject.create(nexos);
    await project.deploy(webApp('main stays'));
    await project.deploy(webApp('from a branch'), { branch: 'feature/Login' });
    const main = await project.environment('main');
    const branch = await project.environment('feature/Login');
    expect(branch.url).toContain('//feature-login-app-');
    expect(await visit(branch.url)).toMatchObject({ body: 'from a branch' });

    await project.deleteBranch('feature/Login');
    await eventually('the environment to be destroyed', async () => {
      const { status } = await nexos.api.get<Environment>(`/environments/${branch.id}`);
      return status === 'destroyed' ? true : undefined;
    });
    expect(await nexos.services(`dev.nexos.environment=${branch.id}`)).toEqual([]);
    expect(await visit(branch.url)).toMatchObject({ status: 404 });
    expect(await visit(main.url)).toMatchObject({ status: 200, body: 'main stays' });
  });

  it('creates a new environment at the same URL after a destroy', async () => {
    const project = await TestProject.create(nexos);
    await project.deploy(webApp('first life'));
    const first = await project.environment();
    const answer = await nexos.api.post<Environment>(`/environments/${first.id}/destroy`);
    expect(answer.status).toBe('destroying');
    await project.deploy(webApp('second life'));
    const second = await project.environment();
    expect(second.id).not.toBe(first.id);
    expect(second.url).toBe(first.url);
    expect(await visit(second.url)).toMatchObject({ body: 'second life' });
  });
});
