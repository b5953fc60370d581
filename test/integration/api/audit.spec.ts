import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { ApiClient } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, createProject, ISO, problemOf, refusedFields } from './api-fixture.js';

interface Line {
  id: string;
  at: string;
  action: string;
  actor: string;
  actor_name: string | null;
  address: string | null;
  request_id: string | null;
  account_id: string | null;
  project_id: string | null;
  subject: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

let nexos: SharedApi;
let mine: ApiClient;
let other: ApiClient;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  ({ api: mine } = await anotherAccount(nexos, 'audited'));
  ({ api: other } = await anotherAccount(nexos, 'not audited'));
});
afterAll(() => nexos.leave());

const list = (query = '', api = mine) => api.get<Line[]>(`/audit${query}`);
let counter = 0;
const create = async (api = mine) => {
  const name = `audited-${++counter}`;
  return api.createProject({ name, github_repo: `acme/${name}` });
};

describe('the audit log', () => {
  it('tells who changed what, with which key and from where', async () => {
    const project = await create();
    const headers = { 'x-request-id': 'audit-request-1' };
    const body = { name: 'renamed', env: { GREETING: 'not for the log' } };
    expect((await mine.request('PATCH', `/projects/${project.id}`, body, headers)).status).toBe(200);
    const me = await mine.get<{ id: string; credential: { id: string } }>('/auth/me');
    expect(await list(`?subject=${project.id}`)).toEqual([
      {
        id: expect.stringMatching(/^\d+$/) as string,
        at: ISO,
        action: 'project.update',
        actor: me.credential.id,
        actor_name: 'test',
        address: '127.0.0.1',
        request_id: 'audit-request-1',
        account_id: me.id,
        project_id: project.id,
        subject: project.id,
        before: { name: project.name, env: [] },
        after: { name: 'renamed', env: ['GREETING'] },
      },
      expect.objectContaining({ action: 'project.create', before: null }) as Line,
    ]);
  });

  it('has one line for a request that is repeated with its idempotency key', async () => {
    const { id } = await create();
    const once = () =>
      mine.request('POST', `/projects/${id}/webhook-secret`, undefined, {
        'idempotency-key': 'audited-once',
      });
    expect((await once()).status).toBe(201);
    expect((await once()).headers.get('idempotency-replayed')).toBe('true');
    expect(await list(`?project_id=${id}&action=webhook_secret.replace`)).toHaveLength(1);
  });

  it('has no line for a request that changes nothing', async () => {
    const { id } = await create();
    expect((await mine.request('PATCH', `/projects/${id}`, { port: 0 })).status).toBe(400);
    expect((await mine.request('PATCH', `/projects/${id}`, {})).status).toBe(200);
    expect((await mine.request('PATCH', `/projects/${id}`, { port: 3000 })).status).toBe(200);
    expect((await mine.request('DELETE', `/projects/${id}/env-vars/var_${'0'.repeat(26)}`)).status).toBe(404);
    expect(await list(`?project_id=${id}`)).toHaveLength(1);
  });

  it('tells a new value or password from the same one', async () => {
    const { id } = await create();
    for (const value of ['one', 'one', 'two']) {
      const login = { host: 'registry.example.com', user: 'me', password: value };
      expect((await mine.request('PUT', `/projects/${id}/env-vars`, { key: 'A', value })).ok).toBe(true);
      expect((await mine.request('PUT', `/projects/${id}/registries`, login)).ok).toBe(true);
    }
    expect(await list(`?project_id=${id}&action=env_var.put`)).toMatchObject([
      { before: { variables: [{ key: 'A' }] }, after: { variables: [{ key: 'A', value_changed: true }] } },
      { before: null },
    ]);
    expect(await list(`?project_id=${id}&action=registry.put`)).toMatchObject([
      { before: { user: 'me' }, after: { user: 'me', password_changed: true } },
      { before: null },
    ]);
  });

  it('shows an account what an operator changed of it, as it was before', async () => {
    const { id } = await mine.get<{ id: string }>('/auth/me');
    const answers = await Promise.all(
      [1_001, 1_002, 1_003].map((max_projects) =>
        nexos.api.request('PATCH', `/accounts/${id}`, { limits: { max_projects } }),
      ),
    );
    for (const { status } of answers) expect(status).toBe(200);
    const lines = await list('?action=account.update');
    expect(lines).toHaveLength(3);
    for (const [i, { before }] of lines.slice(0, -1).entries()) expect(before).toEqual(lines[i + 1]?.after);
  });

  it('has no secret: of variables, registries, webhooks, keys or commands', async () => {
    const { id } = await create();
    const secret = 'hunter2-hunter2';
    const requests: [string, string, object][] = [
      ['PUT', `/projects/${id}/env-vars`, { key: 'A', value: secret }],
      ['PUT', `/projects/${id}/env-vars`, { key: 'A', value: `${secret}-again` }],
      ['PUT', `/projects/${id}/registries`, { host: 'registry.example.com', user: 'me', password: secret }],
      [
        'POST',
        `/projects/${id}/webhooks`,
        { url: `http://127.0.0.1:9/${secret}?token=${secret}`, events: ['deployment.live'] },
      ],
      ['POST', `/projects/${id}/webhook-secret`, {}],
      [
        'PATCH',
        `/projects/${id}`,
        {
          build_args: { A: secret },
          env: { B: secret },
          hooks: { on_deploy: `PGPASSWORD=${secret} npm run migrate` },
          health_check_path: `/health?token=${secret}`,
          containers: [{ name: 'worker', command: `worker --token=${secret}`, env: { C: secret } }],
        },
      ],
      ['POST', '/auth/api-keys', { name: 'another' }],
    ];
    const answers: string[] = [];
    for (const [method, path, body] of requests) {
      const response = await mine.request(method, path, body);
      expect(response.ok, `${method} ${path}`).toBe(true);
      answers.push(await response.text());
    }
    const shown = answers.flatMap(
      (text) => /"(?:key|secret)":"(?:nxs_[0-9a-f]+_)?([^"]{20,})"/.exec(text)?.[1] ?? [],
    );
    expect(shown).toHaveLength(3);
    const text = JSON.stringify(await list('?limit=100'));
    for (const one of [secret, ...shown]) expect(text).not.toContain(one);
    const [put] = await list(`?project_id=${id}&action=env_var.put`);
    expect(put?.after).toEqual({
      variables: [
        {
          id: expect.any(String) as string,
          key: 'A',
          branch: null,
          secret: true,
          build: null,
          value_changed: true,
        },
      ],
    });
  });

  it('has the deliveries and what they changed, and shows each account its own', async () => {
    const { id, repository } = await createProject(nexos);
    const { delivery } = await nexos.webhooks.push({
      ...{ repository, branch: 'main', before: NO_COMMIT, after: commit(1) },
    });
    const { latest_deployment_id: deployment } = await nexos.api.waitForEnvironment(id);
    expect(await list(`?subject=${delivery}`, nexos.api)).toMatchObject([
      {
        action: 'delivery.receive',
        actor: 'github',
        address: '127.0.0.1',
        account_id: null,
        after: { event: 'push', repository, branch: 'main', commit_sha: commit(1), outcome: 'accepted' },
      },
    ]);
    expect(await list(`?subject=${deployment ?? ''}&action=deployment.create`, nexos.api)).toMatchObject([
      { project_id: id, address: null, after: { status: 'queued', reason: 'push' } },
    ]);
    expect(await list(`?subject=${delivery}`)).toEqual([]);
    expect(await list(`?project_id=${id}`)).toEqual([]);
  });

  it('is part of the account that it is about, and operators see all', async () => {
    const { id } = await create();
    const [line] = await list(`?subject=${id}`);
    const account = line?.account_id ?? '';
    expect(await list(`?subject=${id}`, other)).toEqual([]);
    expect(await list(`?account_id=${account}`, other)).toEqual([]);
    expect(await list(`?account_id=${account}&subject=${id}`)).toEqual([line]);
    expect(await list(`?subject=${id}`, nexos.api)).toEqual([line]);
    expect(await list(`?account_id=${account}&subject=${id}`, nexos.api)).toEqual([line]);
    const all = await list(`?account_id=${account}&limit=100`, nexos.api);
    expect(new Set(all.map(({ account_id: owner }) => owner))).toEqual(new Set([account]));
  });
});

describe('GET /audit', () => {
  it('returns pages, and filters', async () => {
    const { id } = await create(other);
    for (let port = 4001; port <= 4005; port++) {
      expect((await other.request('PATCH', `/projects/${id}`, { port })).status).toBe(200);
    }
    const seen: Line[] = [];
    let path: string | undefined = `/audit?project_id=${id}&limit=2`;
    while (path !== undefined) {
      const response = await other.request('GET', path);
      const page = (await response.json()) as Line[];
      expect(page.length).toBeLessThanOrEqual(2);
      seen.push(...page);
      path = /^<\/api(\/audit\?[^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
    }
    expect(seen.map(({ after }) => after?.port)).toEqual([4005, 4004, 4003, 4002, 4001, 3000]);
    const [newest] = seen;
    const at = encodeURIComponent(newest?.at ?? '');
    expect(await list(`?project_id=${id}&since=${at}`, other)).toHaveLength(1);
    expect(await list(`?project_id=${id}&until=${at}`, other)).toHaveLength(5);
    expect(await list(`?project_id=${id}&actor=${newest?.actor ?? ''}`, other)).toHaveLength(6);
    expect(await list(`?project_id=${id}&address=127.0.0.1`, other)).toHaveLength(6);
    expect(await list(`?project_id=${id}&address=::FFFF:127.0.0.1`, other)).toHaveLength(6);
    expect(await list(`?project_id=${id}&address=192.0.2.1`, other)).toEqual([]);
  });

  it('exports everything that matches, one JSON object per line', async () => {
    const { id } = await create(other);
    await nexos.database.query(
      `INSERT INTO audit_log (account_id, project_id, action, actor, subject)
       SELECT account_id, id, 'project.update', 'system', number::text
       FROM projects, generate_series(1, 1200) number WHERE id = $1`,
      [id],
    );
    const accept = { accept: 'application/x-ndjson' };
    const lines = await eventually('the export to be complete', async () => {
      const response = await other.request('GET', `/audit?project_id=${id}&limit=1`, undefined, accept);
      expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
      const some = (await response.text()).split('\n').filter((line) => line !== '');
      return some.length < 1_201 ? undefined : some.map((line) => JSON.parse(line) as Line);
    });
    expect(lines).toHaveLength(1_201);
    expect(lines[0]?.subject).toBe('1200');
    expect(lines.at(-1)?.action).toBe('project.create');
    const head = await other.request('HEAD', `/audit?project_id=${id}`, undefined, accept);
    expect(head.status).toBe(200);
    const foreign = await mine.request('GET', `/audit?project_id=${id}`, undefined, accept);
    expect(await foreign.text()).toBe('');
  });

  it('rejects filters that nothing can match', async () => {
    const query = 'action=x&actor=%20&project_id=x&account_id=x&address=x&since=x&until=x&cursor=0';
    expect(await refusedFields(await mine.request('GET', `/audit?${query}`))).toEqual([
      'account_id',
      'action',
      'actor',
      'address',
      'cursor',
      'project_id',
      'since',
      'until',
    ]);
  });

  it('needs the scope admin', async () => {
    const { api } = await anotherAccount(nexos, 'audited', ['write']);
    const response = await api.request('GET', '/audit');
    expect(response.status).toBe(403);
    await problemOf(response);
  });
});
