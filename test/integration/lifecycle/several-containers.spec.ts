import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { StaysUp } from '../../../apps/lifecycle/src/rollout/stays-up.js';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

let nexos: LifecycleInMemory;
beforeAll(async () => {
  // The five seconds without an exit have a test of their own.
  vi.spyOn(StaysUp.prototype, 'observe').mockImplementation(([newest]) => newest?.state === 'running');
  nexos = await LifecycleInMemory.start(inject('system'));
});
beforeEach(() => nexos.engine.reset());
afterAll(() => {
  vi.restoreAllMocks();
  return nexos.stop();
});

const API = { name: 'api', port: 3001, public: true };
const WORKER = { name: 'worker', depends_on: ['api'] };
const CONTAINERS = [WORKER, API];

/** The changes since the last reset without those of networks, each once and with the name of the container. */
const made = () => [...new Set(nexos.engine.changes)].filter((change) => !/network|^route/.test(change));
const servicesOf = ({ id }: { id: string }) =>
  [...nexos.engine.apps.values()].filter(({ spec }) => spec.deploymentId === id);
const names = (of: { id: string }) =>
  servicesOf(of)
    .map(({ spec }) => spec.container)
    .sort();
const replicas = (of: { id: string }) => ['app', 'api', 'worker'].map((name) => nexos.replicasOf(of, name));
/** Returns the deployment and the container that each host name of an environment leads to, as HAProxy finds them. */
async function routed({ environmentId }: { environmentId: string }): Promise<Record<string, string>> {
  const rows = await nexos.database.rows<{ hostname: string; container: string }>(
    'SELECT hostname, container FROM hostnames WHERE environment_id = $1 ORDER BY container',
    [environmentId],
  );
  const { engine } = nexos;
  const targets = rows.flatMap(({ hostname, container }) => {
    const value = engine.routes.get(hostname);
    if (value === undefined) return [];
    const [key = ''] = value.split('/');
    const target = value.startsWith('=')
      ? engine.versions.get(`${value}/${engine.versions.get(key)}`)
      : value;
    const [service = '', port] = target?.split(':') ?? [];
    const spec = engine.apps.get(service)?.spec;
    return [[container, `${spec?.deploymentId} ${spec?.container} ${port}`]];
  });
  return Object.fromEntries(targets) as Record<string, string>;
}

describe('a version with several containers', () => {
  it('starts them in the order of their dependencies, each with its image and name', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project, { containers: CONTAINERS });
    expect(first).toMatchObject({ status: 'live' });
    const created = made().slice(0, 3);
    expect(created.indexOf(`create worker ${first.id}`)).toBeGreaterThan(
      created.indexOf(`create api ${first.id}`),
    );
    // The app starts beside the others.
    expect([...created.sort(), ...made().slice(3)]).toEqual([
      `create api ${first.id}`,
      `create app ${first.id}`,
      `create worker ${first.id}`,
      `version =${first.environmentId}/api/${first.id}-0`,
      `version =${first.environmentId}/app/${first.id}-0`,
      `version =${first.environmentId}`,
    ]);
    const specs = servicesOf(first).map(({ spec }) => spec);
    expect(specs.map(({ container, hasSiblings, env }) => [container, hasSiblings, env.PORT]).sort()).toEqual(
      [
        ['api', true, '3001'],
        ['app', true, '3000'],
        ['worker', true, '3000'],
      ],
    );
    expect(new Set(specs.map(({ image }) => image)).size).toBe(3);
    expect(nexos.engine.versionNetworks.get(first.id)).toBe(first.environmentId);
  });

  it('has no network of its own when the app is alone', async () => {
    const { id } = await nexos.deploy(await nexos.project());
    expect(nexos.engine.versionNetworks.has(id)).toBe(false);
  });

  it('gets a host for each public container, and one change leads all of them to the next version', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project, { containers: CONTAINERS });
    const { hostname } = await nexos.environment(first);
    const [branch, ...rest] = hostname.split('.')[0]?.split('-') ?? [];
    const hosts = await nexos.database.rows<{ hostname: string }>(
      `SELECT hostname FROM hostnames WHERE environment_id = $1 AND container = 'api'`,
      [first.environmentId],
    );
    expect(hosts[0]?.hostname.split('.')[0]).toBe([branch, ...rest, 'api'].join('-'));
    expect(await routed(first)).toEqual({ app: `${first.id} app 3000`, api: `${first.id} api 3001` });

    const seen: Record<string, string>[] = [];
    nexos.engine.before = async () => void seen.push(await routed(first));
    const second = await nexos.deploy(project, { containers: CONTAINERS });
    expect(await routed(second)).toEqual({ app: `${second.id} app 3000`, api: `${second.id} api 3001` });
    for (const { app, api } of seen) expect(app?.split(' ')[0]).toBe(api?.split(' ')[0]);
    // Nothing of the previous version stays.
    expect([...nexos.engine.versions.keys()].filter((key) => key.includes(first.id))).toEqual([]);
    expect(names(first)).toEqual([]);
    expect(nexos.engine.versionNetworks.has(first.id)).toBe(false);
    expect(names(second)).toEqual(['api', 'app', 'worker']);
  });

  it('leaves the targets of the previous version to requests that have just read its name', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project, { containers: [API] });
    const { routes, versions } = nexos.engine;
    const kept: boolean[] = [];
    const set = vi.spyOn(routes, 'set').mockImplementation((host, target) => {
      kept.push(versions.has(`=${first.environmentId}/api/${first.id}-0`));
      return Map.prototype.set.call(routes, host, target) as typeof routes;
    });
    await nexos.deploy(project, { containers: [API] });
    set.mockRestore();
    // Both hosts when the new version went live, and again when it had replaced the old one.
    expect(kept).toEqual([true, true, false, false]);
  });

  it('leads the host of a public container without a port to the default one', async () => {
    const live = await nexos.deploy(await nexos.project(), { containers: [{ name: 'api', public: true }] });
    expect(await routed(live)).toEqual({ app: `${live.id} app 3000`, api: `${live.id} api 3000` });
  });

  it('removes the host of a container that a later version does not have', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project, { containers: [API] });
    const second = await nexos.deploy(project);
    expect(await routed(first)).toEqual({ app: `${second.id} app 3000` });
    expect([...nexos.engine.versions.keys()].filter((key) => key.includes(first.id))).toEqual([]);
  });

  it.each<[string, 'exits' | 'answers 500' | 'does not answer', string, RegExp]>([
    ['api', 'answers 500', 'app_unhealthy', /^api: .*answered 500/],
    ['api', 'does not answer', 'app_not_answering', /^api: .*3001/],
    ['worker', 'exits', 'app_exited', /^worker: .*code 1/],
    ['app', 'exits', 'app_exited', /^app: .*code 1/],
  ])('changes nothing when its container %s %s, and names it', async (name, fate, code, message) => {
    const project = await nexos.project();
    const live = await nexos.deploy(project, { containers: CONTAINERS });
    const before = await routed(live);
    nexos.engine.fates = { [name]: fate };
    const failed = await nexos.deploy(project, { containers: CONTAINERS });
    expect(failed).toMatchObject({ status: 'failed', code });
    expect(failed.message).toMatch(message);
    expect(await routed(live)).toEqual(before);
    expect(replicas(live)).toEqual([1, 1, 1]);
    expect(names(failed)).toEqual([]);
    expect(nexos.engine.versionNetworks.has(failed.id)).toBe(false);
    expect(await nexos.environment(live)).toMatchObject({ status: 'running', live: live.id });
  });

  it('does not start what depends on a container that failed', async () => {
    nexos.engine.fates = { api: 'exits' };
    const failed = await nexos.deploy(await nexos.project(), { containers: CONTAINERS });
    expect(failed.status).toBe('failed');
    expect(made()).not.toContain(`create worker ${failed.id}`);
  });

  it('goes back to the containers of an earlier version', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project, { containers: CONTAINERS });
    await nexos.deploy(project, { imageId: `sha256:${'9'.repeat(64)}` });
    const back = await nexos.rollBack(first);
    expect(back.status).toBe('live');
    expect(names(back)).toEqual(['api', 'app', 'worker']);
    expect(await routed(back)).toEqual({ app: `${back.id} app 3000`, api: `${back.id} api 3001` });
  });
});

describe('a container that may not overlap', () => {
  const ALONE = { name: 'worker', overlap: false };

  it('stops its predecessor when everything else is up, and then starts', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project, { containers: [ALONE, API] });
    nexos.engine.changes = [];
    const second = await nexos.deploy(project, { containers: [ALONE, API] });
    expect([...made().slice(0, 2).sort(), ...made().slice(2, 4)]).toEqual([
      `create api ${second.id}`,
      `create app ${second.id}`,
      `scale worker ${first.id} to 0`,
      `create worker ${second.id}`,
    ]);
  });

  it('leaves its predecessor alone when another container fails', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project, { containers: [ALONE, API] });
    nexos.engine.changes = [];
    nexos.engine.fates = { api: 'exits' };
    await nexos.deploy(project, { containers: [ALONE, API] });
    expect(made()).not.toContain(`scale worker ${first.id} to 0`);
  });

  it('gives its predecessor back when it fails itself', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project, { containers: [ALONE, API] });
    nexos.engine.fates = { worker: 'exits' };
    const failed = await nexos.deploy(project, { containers: [ALONE, API] });
    expect(failed.message).toMatch(/^worker: /);
    expect(replicas(first)).toEqual([1, 1, 1]);
    const [stopped, given] = [`scale worker ${failed.id} to 0`, `scale worker ${first.id} to 1`];
    expect(made().filter((change) => [stopped, given].includes(change))).toEqual([stopped, given]);
  });
});

describe('an environment with several containers', () => {
  const paused = `desired_state = 'paused'`;
  const running = `desired_state = 'running'`;

  it('pauses and resumes all of them, in order, with all hosts', async () => {
    const live = await nexos.deploy(await nexos.project(), { containers: CONTAINERS });
    const before = await routed(live);
    await nexos.act(live.environmentId, paused);
    expect(replicas(live)).toEqual([0, 0, 0]);
    expect(await routed(live)).toEqual({});
    nexos.engine.changes = [];
    await nexos.act(live.environmentId, running);
    const scaled = made().filter((change) => change.startsWith('scale'));
    const scales = (name: string) => `scale ${name} ${live.id} to 1`;
    expect([...scaled].sort()).toEqual(['api', 'app', 'worker'].map(scales));
    expect(scaled.indexOf(scales('worker'))).toBeGreaterThan(scaled.indexOf(scales('api')));
    expect(await routed(live)).toEqual(before);
    expect(await nexos.environment(live)).toMatchObject({ status: 'running', isSettled: true });
  });

  it('stops all of them again when one does not come up, and names it', async () => {
    const live = await nexos.deploy(await nexos.project(), { containers: CONTAINERS });
    await nexos.act(live.environmentId, paused);
    nexos.engine.fates = { api: 'exits' };
    await nexos.act(live.environmentId, running);
    const { status, message } = await nexos.environment(live);
    expect(status).toBe('failed');
    expect(message).toMatch(/api: /);
    expect(replicas(live)).toEqual([0, 0, 0]);
    expect(await routed(live)).toEqual({});
  });

  it('starts one again whose service somebody removed, and leaves the others alone', async () => {
    const live = await nexos.deploy(await nexos.project(), { containers: CONTAINERS });
    for (const [name, { spec }] of nexos.engine.apps)
      if (spec.deploymentId === live.id && spec.container === 'worker') nexos.engine.apps.delete(name);
    nexos.engine.changes = [];
    await nexos.act(live.environmentId, running);
    expect(made()).toContain(`create worker ${live.id}`);
    expect(replicas(live)).toEqual([1, 1, 1]);
    expect(made().filter((change) => /to 0|remove/.test(change))).toEqual([]);
  });

  it('leaves nothing behind when it is destroyed', async () => {
    const live = await nexos.deploy(await nexos.project(), { containers: CONTAINERS });
    const hosts = await routed(live);
    expect(Object.keys(hosts)).toEqual(['api', 'app']);
    await nexos.act(live.environmentId, `desired_state = 'destroyed', status = 'destroying'`);
    expect(await nexos.environment(live)).toMatchObject({ status: 'destroyed' });
    expect(names(live)).toEqual([]);
    expect(await routed(live)).toEqual({});
    expect([...nexos.engine.versions.keys()].filter((key) => key.includes(live.environmentId))).toEqual([]);
    expect(nexos.engine.versionNetworks.has(live.id)).toBe(false);
    const kept = `SELECT 1 FROM hostnames WHERE environment_id = $1 AND container <> 'app'`;
    expect(await nexos.database.rows(kept, [live.environmentId])).toEqual([]);
  });

  it('keeps all of them running while it is reset', async () => {
    const live = await nexos.deploy(await nexos.project(), {
      containers: CONTAINERS,
      services: { postgres: {} },
    });
    nexos.engine.changes = [];
    await nexos.act(live.environmentId, `database_generation = database_generation + 1`);
    expect(made().filter((change) => change.endsWith('to 0'))).toEqual([]);
    expect(replicas(live)).toEqual([1, 1, 1]);
    expect(await nexos.environment(live)).toMatchObject({ status: 'running' });
  });

  it('runs commands in the container that they name', async () => {
    const live = await nexos.deploy(await nexos.project(), { containers: CONTAINERS });
    const jobs: { image: string; env: Record<string, string> }[] = [];
    nexos.engine.jobEnds = (spec) => {
      jobs.push(spec);
      return { kind: 'exited', code: 0 };
    };
    const ran = await nexos.runCommand(await nexos.queueCommand(live, ['true'], 'api'));
    expect(ran).toMatchObject({ status: 'exited', exitCode: 0 });
    const [api] = servicesOf(live).filter(({ spec }) => spec.container === 'api');
    expect(jobs).toMatchObject([{ image: api?.spec.image, env: { PORT: '3001' } }]);
    await expect(nexos.queueCommand(live, ['true'], 'cron')).rejects.toThrow('container');
  });
});
