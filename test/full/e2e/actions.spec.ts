import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually, PROMPT_MS } from '../../support/eventually.js';
import { containerEvents } from '../../support/nexos/container-events.js';
import { chattyBuild, webApp } from '../../support/nexos/app-source.js';
import type { Deployment, Environment, LogEvent } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { TestProject, deleteProjects } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

describe('actions over the API', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterEach(() => deleteProjects(nexos));
  afterAll(() => nexos.stop());

  const untilEnvironmentHasStatus = (id: string, status: string) =>
    eventually(`the environment to be ${status}`, async () => {
      const environment = await nexos.api.get<Environment>(`/environments/${id}`);
      return environment.status === status ? environment : undefined;
    });
  const untilStatus = (id: string, status: string) =>
    eventually(`the deployment to be ${status}`, async () => {
      const deployment = await nexos.api.get<Deployment>(`/deployments/${id}`);
      return deployment.status === status ? deployment : undefined;
    });
  const untilAnswers = (url: string, body: string) =>
    eventually(`${url} to answer ${body}`, async () => {
      const answer = await visit(url);
      return answer.body === body ? answer : undefined;
    });

  it('deploys the tip of a branch without a push', async () => {
    const project = await TestProject.create(nexos);
    const sha = await project.commit(webApp('without a push'), 'quiet');
    const { id, environment_id } = await nexos.api.post<Deployment>(`/projects/${project.id}/deployments`, {
      branch: 'quiet',
    });
    await nexos.api.waitForDeployment(environment_id, sha);
    expect(await untilStatus(id, 'live')).toMatchObject({ commit_sha: sha, trigger: 'api' });
    const { url } = await nexos.api.get<Environment>(`/environments/${environment_id}`);
    expect(await visit(url)).toMatchObject({ status: 200, body: 'without a push' });
  });

  it('rejects a missing branch and creates nothing for it, and deploys the default branch if none is named', async () => {
    const project = await TestProject.create(nexos);
    const sha = await project.commit(webApp('by default'));
    const path = `/projects/${project.id}/deployments`;
    const missing = await nexos.api.request('POST', path, { branch: 'master' });
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ type: 'urn:nexos:problem:branch_not_found' });
    expect(await nexos.api.get(`/projects/${project.id}/environments`)).toEqual([]);
    const { id } = await nexos.api.post<Deployment>(path, {});
    expect(await untilStatus(id, 'live')).toMatchObject({ branch: 'main', commit_sha: sha });
  });

  it('cancels a build within two seconds, logs it in the last line, and builds the next push', async () => {
    const project = await TestProject.create(nexos);
    await project.push(chattyBuild('never', 60));
    const { id, latest_deployment_id } = await project.environment();
    const building = latest_deployment_id ?? '';
    const seen: LogEvent[] = [];
    const following = (async () => {
      for await (const event of nexos.api.follow(building)) seen.push(event);
    })();
    await eventually('its step to log a line', () =>
      Promise.resolve(seen.some(({ data }) => String(data.text).includes('tick')) ? true : undefined),
    );
    const label = `dev.nexos.project=${project.id}`;
    const services = await nexos.services(label);
    await nexos.api.post(`/deployments/${building}/cancel`);
    const began = Date.now();
    const polled = nexos.api.pollLogToEnd(building);
    await following;
    expect(Date.now() - began).toBeLessThan(PROMPT_MS);
    expect(seen.slice(-2).map(({ event, data }) => [event, data.text ?? data])).toEqual([
      ['line', 'the build was stopped'],
      ['end', { status: 'cancelled' }],
    ]);
    expect((await polled).at(-1)?.text).toBe('the build was stopped');
    expect(await nexos.services(label)).toEqual(services);
    const sha = await project.push(webApp('after it'));
    expect(await nexos.api.waitForDeployment(id, sha)).toMatchObject({ status: 'live' });
  });

  it('cancels a rollout, and keeps the live version', async () => {
    const project = await TestProject.create(nexos);
    expect(await project.deploy(webApp('stays'))).toMatchObject({ status: 'live' });
    await project.push(webApp('never ready', { listensAfterMs: 120_000 }));
    const { id, url, latest_deployment_id } = await project.environment();
    await untilStatus(latest_deployment_id ?? '', 'deploying');
    await nexos.api.post(`/deployments/${latest_deployment_id ?? ''}/cancel`);
    await untilEnvironmentHasStatus(id, 'running');
    await eventually('one service', async () =>
      (await nexos.services(`dev.nexos.environment=${id}`)).length === 1 ? true : undefined,
    );
    expect(await visit(url)).toMatchObject({ body: 'stays' });
  });

  it('pauses and resumes without a build, and resumes on a version pushed meanwhile', async () => {
    const project = await TestProject.create(nexos);
    await project.deploy(webApp('first'));
    const { id, url } = await project.environment();
    await nexos.api.post(`/environments/${id}/pause`);
    await untilEnvironmentHasStatus(id, 'paused');
    expect(await visit(url)).toMatchObject({ status: 503 });
    await nexos.api.post(`/environments/${id}/resume`);
    await untilEnvironmentHasStatus(id, 'running');
    expect(await visit(url)).toMatchObject({ status: 200, body: 'first' });

    await nexos.api.post(`/environments/${id}/pause`);
    await untilEnvironmentHasStatus(id, 'paused');
    const sha = await project.push(webApp('second'));
    const { latest_deployment_id } = await project.environment();
    await untilStatus(latest_deployment_id ?? '', 'deploying');
    expect(await untilEnvironmentHasStatus(id, 'paused')).toMatchObject({ status: 'paused' });
    await nexos.api.post(`/environments/${id}/resume`);
    await nexos.api.waitForDeployment(id, sha);
    await untilAnswers(url, 'second');
    const builds = 'SELECT count(*)::integer FROM deployments WHERE environment_id = $1';
    expect(await nexos.column(builds, [id])).toEqual([2]);
  });

  it('lets a paused app shut down within its grace period', async () => {
    const project = await TestProject.create(nexos);
    const files = webApp('tidies up');
    const server = (files['server.js'] ?? '').replace('process.exit(0)', 'setTimeout(process.exit, 3000, 0)');
    await project.deploy({ ...files, 'server.js': server });
    const { id } = await project.environment();
    const [container] = await nexos.containers(`dev.nexos.environment=${id}`);
    const events = await containerEvents(container ?? '');
    await nexos.api.post<Environment>(`/environments/${id}/pause`);
    const signal = await events.next('kill');
    const end = await events.next('die');
    events.end();
    expect(signal.attributes.signal).toBe('15');
    expect(end.attributes.exitCode).toBe('0');
    expect(end.atMs - signal.atMs).toBeGreaterThan(2_900);
  });

  it('recreates a service that was removed externally, both while running and on a resume', async () => {
    const project = await TestProject.create(nexos);
    const { id: deployment } = await project.deploy(webApp('comes back'));
    const { id, url } = await project.environment();
    const label = `dev.nexos.deployment=${deployment}`;
    await nexos.removeServices(label);
    await eventually('the service to be back', async () =>
      (await nexos.services(label)).length === 1 ? true : undefined,
    );
    await untilAnswers(url, 'comes back');
    await nexos.api.post(`/environments/${id}/pause`);
    await untilEnvironmentHasStatus(id, 'paused');
    await nexos.removeServices(label);
    await nexos.api.post(`/environments/${id}/resume`);
    await untilEnvironmentHasStatus(id, 'running');
    expect(await visit(url)).toMatchObject({ status: 200, body: 'comes back' });
  });

  it('rebuilds the current commit of the branch', async () => {
    const project = await TestProject.create(nexos);
    const first = await project.deploy(webApp('again'));
    const { latest_deployment_id } = await nexos.api.post<Environment>(
      `/environments/${first.environment_id}/rebuild`,
    );
    expect(latest_deployment_id).not.toBe(first.id);
    expect(await untilStatus(latest_deployment_id ?? '', 'live')).toMatchObject({
      commit_sha: first.commit_sha,
    });
  });

  it('deletes a project with all its resources on the engine', async () => {
    const project = await TestProject.create(nexos);
    await project.deploy(webApp('one'));
    await project.deploy(webApp('two'), { branch: 'other' });
    const mirror = join(nexos.env.MIRROR_DIR ?? '', `${project.id}.git`);
    expect(existsSync(mirror)).toBe(true);
    const belongings = () => nexos.engineResources(`dev.nexos.project=${project.id}`);
    expect(await belongings()).toMatchObject({
      services: { length: 2 },
      networks: { length: 2 },
      images: { length: 2 },
    });
    await nexos.api.request('DELETE', `/projects/${project.id}`);
    await eventually('the project to be gone', async () => {
      const { status } = await nexos.api.request('GET', `/projects/${project.id}`);
      return status === 404 ? true : undefined;
    });
    expect(await belongings()).toEqual({ services: [], networks: [], images: [], volumes: [] });
    await eventually('its mirror to be gone', () => Promise.resolve(existsSync(mirror) ? undefined : true));
  });
});
