import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { ISO, anotherAccount, commit, createProject, problemOf } from './api-fixture.js';

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

  it('issues a join token that is stored encrypted', async () => {
    await nodes();
    const response = await nexos.api.request('POST', '/nodes/join-token');
    expect(response.status).toBe(201);
    const { token, manager_address, command } = (await response.json()) as Record<string, string>;
    expect(token).toMatch(/^SWMTKN-1-/);
    expect(command).toBe(`docker swarm join --token ${token ?? ''} ${manager_address ?? ''}`);
    const [row] = await nexos.column<object>('SELECT to_jsonb(e) FROM swarm_entrance e');
    expect(JSON.stringify(row)).not.toContain('SWMTKN');
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

describe('the quota', () => {
  it('shows zero usage and the limits of a new account', async () => {
    const { api } = await anotherAccount(nexos, 'nothing yet');
    await nexos.database.query(`UPDATE accounts SET plan = 'pro' WHERE name = 'nothing yet'`);
    expect(await api.get('/quota')).toEqual({
      plan: 'pro',
      usage: { projects: 0, total_cpu: 0, total_memory_mb: 0, build_minutes_used: 0 },
      limits: { max_projects: 25, max_cpu: 64, max_memory_mb: 131_072, build_minutes: 5_000 },
    });
  });

  it('counts running environments, and the build minutes of this month', async () => {
    const before = await nexos.api.get<{ usage: Record<string, number> }>('/quota');
    const { id, repository } = await createProject(nexos, { cpu: 1.5, memory_mb: 256 });
    for (const branch of ['a', 'b', 'c']) {
      await nexos.webhooks.push({ repository, branch, before: NO_COMMIT, after: commit(1) });
    }
    await nexos.database.query(
      `UPDATE deployments SET status = 'live', started_at = now() - interval '90 seconds', built_at = now()
       WHERE project_id = $1 AND branch IN ('a', 'b')`,
      [id],
    );
    await nexos.database.query(
      `UPDATE deployments SET started_at = date_trunc('month', now(), 'UTC') - interval '1 hour', built_at = now()
       WHERE project_id = $1 AND branch = 'c'`,
      [id],
    );
    await nexos.database.query(
      `UPDATE environments SET status = CASE branch WHEN 'a' THEN 'running' ELSE 'paused' END,
         live_deployment_id = (SELECT id FROM deployments WHERE environment_id = environments.id)
       WHERE project_id = $1`,
      [id],
    );
    const { usage } = await nexos.api.get<{ usage: Record<string, number> }>('/quota');
    expect(usage).toEqual({
      projects: (before.usage.projects ?? 0) + 1,
      total_cpu: (before.usage.total_cpu ?? 0) + 1.5,
      total_memory_mb: (before.usage.total_memory_mb ?? 0) + 256,
      build_minutes_used: (before.usage.build_minutes_used ?? 0) + 3,
    });
  });
});
