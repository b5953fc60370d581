import { newId } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { ISO, anotherAccount, commit, createProject, problemOf, refusedFields } from './api-fixture.js';

interface Node {
  id: string;
  role: string;
  status: string;
}

let nexos: NexosStack;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), { apps: ['api', 'integrations', 'lifecycle'] });
});
afterAll(() => nexos.stop());

describe('the nodes API', () => {
  const nodes = () =>
    eventually('a node', async () => {
      const seen = await nexos.api.get<Node[]>('/nodes');
      return seen.length > 0 ? seen : undefined;
    });

  it('lists nodes as the Swarm has them, and reads them one by one', async () => {
    const [node, ...others] = await nodes();
    expect(others).toEqual([]);
    expect(node).toEqual({
      id: expect.stringMatching(/^node_[0-9a-z]{26}$/) as string,
      hostname: expect.any(String) as string,
      role: 'manager',
      status: 'ready',
      availability: 'active',
      is_leader: true,
      address: expect.stringMatching(/:2377$/) as string,
      cpu: expect.any(Number) as number,
      memory_mb: expect.any(Number) as number,
      engine_version: expect.stringMatching(/^\d+\./) as string,
      removal: null,
      joined_at: ISO,
      last_seen_at: ISO,
    });
    expect(await nexos.api.get<Node>(`/nodes/${node?.id ?? ''}`)).toMatchObject({ id: node?.id });
  });

  it('refuses to remove the manager', async () => {
    const [node] = await nodes();
    const response = await nexos.api.request('DELETE', `/nodes/${node?.id ?? ''}`);
    expect(response.status).toBe(409);
    await problemOf(response);
    expect(await nodes()).toMatchObject([{ id: node?.id, status: 'ready' }]);
  });

  it('drops nodes that have left the Swarm', async () => {
    await nexos.database.query(
      `INSERT INTO nodes (id, swarm_id, hostname, role, state, availability, address, cpus, memory_mb, engine_version,
         is_leader, joined_at)
       VALUES ('node_' || repeat('0', 26), 'gone', 'gone', 'worker', 'down', 'active', '', 1, 1, '', false, now())`,
    );
    await eventually('the node to be gone', async () => {
      const { status } = await nexos.api.request('GET', `/nodes/node_${'0'.repeat(26)}`);
      return status === 404 ? true : undefined;
    });
  });

  it('refuses a join token while the Swarm advertises a loopback address, and says what to set', async () => {
    await nodes();
    const problem = await eventually('the token to be recorded', async () => {
      const response = await nexos.api.request('POST', '/nodes/join-token');
      return response.status === 503 ? undefined : problemOf(response);
    });
    expect(problem).toMatchObject({ status: 409, type: 'urn:nexos:problem:conflict' });
    expect(problem.detail).toContain('The Swarm advertises 127.0.0.1:2377');
    expect(problem.detail).toContain('Set SWARM_ADVERTISE_ADDR');
    expect(problem.detail).not.toContain('SWMTKN');
  });

  it('shows nodes to operators only', async () => {
    const [node] = await nodes();
    const { api } = await anotherAccount(nexos, 'no operator');
    await nexos.database.query(`UPDATE accounts SET is_operator = false WHERE name = 'no operator'`);
    expect(await api.get('/nodes')).toEqual([]);
    for (const method of ['GET', 'DELETE']) {
      expect((await api.request(method, `/nodes/${node?.id ?? ''}`)).status).toBe(404);
    }
    const token = await api.request('POST', '/nodes/join-token');
    expect(token.status).toBe(403);
    expect((await problemOf(token)).type).toBe('urn:nexos:problem:forbidden');
  });
});

/** The Swarm of these tests has one node, so no lifecycle worker may look at it meanwhile. */
describe('the removal of a node', () => {
  interface Removing extends Node {
    removal: { forced: boolean; losses: { type: string; id: string; name: string }[] } | null;
  }
  let id: string;
  beforeAll(() => nexos.app('lifecycle').stop('SIGTERM'));
  beforeEach(async () => {
    id = newId('node');
    await nexos.database.query(
      `INSERT INTO nodes (id, swarm_id, hostname, role, state, availability, address, cpus, memory_mb, engine_version,
         is_leader, joined_at)
       VALUES ($1, $1, 'machine-2', 'worker', 'ready', 'active', '10.0.0.2', 1, 1, '29', false, now())`,
      [id],
    );
  });

  const send = (method: string, path = '') => nexos.api.request(method, `/nodes/${id}${path}`);
  const sent = async (method: string, path = '') => (await (await send(method, path)).json()) as Removing;
  /** Creates a project with these services on the node, and returns its id. */
  const withServices = async (...kinds: string[]) => {
    const project = await createProject(nexos);
    for (const kind of kinds) {
      await nexos.database.query(
        `INSERT INTO project_services (project_id, kind, sealed_password, node_id, image_id, memory_mb)
         VALUES ($1, $2, 'sealed', $3, 'sha256:1', 512)`,
        [project.id, kind, id],
      );
    }
    return project;
  };
  /** Pushes a branch, whose live image is then on the node, and returns its environment. */
  const withImage = async () => {
    const { id: projectId, repository } = await createProject(nexos);
    await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const environment = await nexos.api.waitForEnvironment(projectId);
    await nexos.database.query(
      `UPDATE deployments SET status = 'live', image_id = 'sha256:1', image_node_id = $2 WHERE project_id = $1`,
      [projectId, id],
    );
    return environment;
  };

  it('is accepted when nothing would be lost, and again', async () => {
    expect(await sent('DELETE')).toMatchObject({
      status: 'removing',
      removal: { requested_at: ISO, forced: false, remaining: [], losses: [] },
    });
    expect((await send('DELETE')).status).toBe(202);
  });

  it('is refused with the projects whose data is on the node, and changes nothing', async () => {
    const project = await withServices('postgres', 'redis');
    const response = await send('DELETE');
    expect(response.status).toBe(409);
    const problem = await problemOf(response);
    const name = expect.any(String) as string;
    expect(problem).toMatchObject({
      type: 'urn:nexos:problem:conflict',
      detail: expect.stringMatching(/^This node has the data of the services of .*\?force=true/) as string,
      subjects: [{ type: 'project', id: project.id, name }],
    });
    expect(await sent('GET')).toMatchObject({ status: 'ready', removal: null });
  });

  it('is refused with the environments of which the node has the only image', async () => {
    const environment = await withImage();
    const problem = await problemOf(await send('DELETE'));
    expect(problem).toMatchObject({
      status: 409,
      subjects: [
        { type: 'environment', id: environment.id, name: expect.stringMatching(/^main of /) as string },
      ],
    });
    expect(problem.detail).toMatch(/^This node has the only images of main of /);
  });

  it('names a limited number of projects, and counts the others', async () => {
    for (let count = 0; count < 22; count++) await withServices('redis');
    const problem = await problemOf(await send('DELETE'));
    expect(problem.detail).toContain(' and 17 more');
    expect(problem.subjects).toHaveLength(20);
  });

  it('goes on with force=true, and lists what is lost', async () => {
    const project = await withServices('postgres');
    const environment = await withImage();
    const response = await send('DELETE', '?force=true');
    expect(response.status).toBe(202);
    const { removal } = (await response.json()) as Removing;
    expect(removal?.forced).toBe(true);
    expect(removal?.losses.map((loss) => loss.id)).toEqual([project.id, environment.id]);
    expect((await send('DELETE')).status).toBe(202);
  });

  it.each(['', 'yes', '1', 'TRUE'])('is refused with force=%s', async (force) => {
    expect(await refusedFields(await send('DELETE', `?force=${force}`))).toEqual(['force']);
  });

  it('is cancelled by an undrain, as often as it is asked for', async () => {
    await send('DELETE', '?force=true');
    for (let time = 0; time < 2; time++) {
      const response = await send('POST', '/undrain');
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ id, status: 'ready', removal: null });
    }
    // A later removal needs force again.
    await withServices('s3');
    expect((await send('DELETE')).status).toBe(409);
  });

  it('cannot be cancelled once the node has left the Swarm', async () => {
    await send('DELETE');
    await nexos.database.query('UPDATE nodes SET removed_at = now() WHERE id = $1', [id]);
    const response = await send('POST', '/undrain');
    expect(response.status).toBe(409);
    expect((await problemOf(response)).detail).toContain('has been removed');
  });

  it('cannot be requested or cancelled by an account that is no operator', async () => {
    const { api } = await anotherAccount(nexos, 'no operator of nodes');
    await nexos.database.query(`UPDATE accounts SET is_operator = false WHERE name = 'no operator of nodes'`);
    expect((await api.request('DELETE', `/nodes/${id}`)).status).toBe(404);
    expect((await api.request('POST', `/nodes/${id}/undrain`)).status).toBe(404);
  });

  it('counts the memory of the services of active projects in the quota', async () => {
    const before = await nexos.api.get<{ usage: Record<string, number> }>('/quota');
    const environment = await withImage();
    await nexos.database.query(
      `INSERT INTO project_services (project_id, kind, sealed_password, node_id, image_id, memory_mb)
       VALUES ($1, 'postgres', 'sealed', $2, 'sha256:1', 700)`,
      [environment.project_id, id],
    );
    await withServices('postgres');
    const memory = async () =>
      (await nexos.api.get<{ usage: Record<string, number> }>('/quota')).usage.total_memory_mb;
    expect(await memory()).toBe(before.usage.total_memory_mb);
    await nexos.database.query(
      `UPDATE environments SET status = 'running',
         live_deployment_id = (SELECT id FROM deployments WHERE environment_id = environments.id) WHERE id = $1`,
      [environment.id],
    );
    expect(await memory()).toBe((before.usage.total_memory_mb ?? 0) + 512 + 700);
    await nexos.database.query(
      `UPDATE environments SET status = 'paused', desired_state = 'paused' WHERE id = $1`,
      [environment.id],
    );
    expect(await memory()).toBe(before.usage.total_memory_mb);
  });

  it('issues a join token that is stored encrypted, once the Swarm advertises a reachable address', async () => {
    await nexos.database.query(`UPDATE swarm_entrance SET manager_address = '10.0.0.1:2377'`);
    const response = await nexos.api.request('POST', '/nodes/join-token');
    expect(response.status).toBe(201);
    const { token, command } = (await response.json()) as Record<string, string>;
    expect(token).toMatch(/^SWMTKN-1-/);
    expect(command).toBe(`docker swarm join --token ${token ?? ''} 10.0.0.1:2377`);
    const [row] = await nexos.column<object>('SELECT to_jsonb(e) FROM swarm_entrance e');
    expect(JSON.stringify(row)).not.toContain('SWMTKN');
  });
});

describe('the quota', () => {
  it('shows zero usage and the limits of a new account', async () => {
    const { api } = await anotherAccount(nexos, 'nothing yet');
    await nexos.database.query(`UPDATE accounts SET plan = 'pro' WHERE name = 'nothing yet'`);
    expect(await api.get('/quota')).toEqual({
      plan: 'pro',
      usage: { projects: 0, total_cpu: 0, total_memory_mb: 0, build_minutes_used: 0 },
      limits: { max_projects: 25, max_cpu: 64, max_memory_mb: 131_072, build_minutes: 5_000 },
      period: { start: ISO, end: ISO },
      build_minutes_level: 'ok',
    });
  });

  it('counts running environments', async () => {
    const before = await nexos.api.get<{ usage: Record<string, number> }>('/quota');
    const { id, repository } = await createProject(nexos, { cpu: 1.5, memory_mb: 256 });
    for (const branch of ['a', 'b', 'c']) {
      await nexos.webhooks.push({ repository, branch, before: NO_COMMIT, after: commit(1) });
    }
    await nexos.database.query(
      `UPDATE deployments SET status = 'live' WHERE project_id = $1 AND branch IN ('a', 'b')`,
      [id],
    );
    await nexos.database.query(
      `UPDATE environments SET status = CASE branch WHEN 'a' THEN 'running' ELSE 'paused' END,
         desired_state = CASE branch WHEN 'a' THEN 'running' ELSE 'paused' END,
         live_deployment_id = (SELECT id FROM deployments WHERE environment_id = environments.id)
       WHERE project_id = $1`,
      [id],
    );
    const { usage } = await nexos.api.get<{ usage: Record<string, number> }>('/quota');
    expect(usage).toEqual({
      projects: (before.usage.projects ?? 0) + 1,
      total_cpu: (before.usage.total_cpu ?? 0) + 1.5,
      total_memory_mb: (before.usage.total_memory_mb ?? 0) + 256,
      build_minutes_used: before.usage.build_minutes_used,
    });
  });
});
