import { setMaxListeners } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject, refusedFields } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const ASLEEP = `status = 'paused', desired_state = 'paused', asleep = true`;
const RUNNING = `status = 'running', resumed_at = now()`;

/** An environment of which that is so; nobody works on it but the test. */
async function anEnvironment(state: string, branch = 'main') {
  const { id: projectId, repository, name } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch, before: NO_COMMIT, after: commit(1) });
  const environment = await nexos.api.environment(projectId, branch);
  await nexos.database.query(`UPDATE deployments SET status = 'live' WHERE environment_id = $1`, [
    environment.id,
  ]);
  await set(environment.id, state);
  return { ...environment, host: new URL(environment.url).host, project: name };
}
async function set(id: string, state: string): Promise<void> {
  await nexos.database.query(`UPDATE environments SET ${state} WHERE id = $1`, [id]);
}
const reads = async (id: string) => (await nexos.api.get<Environment>(`/environments/${id}`)).status;
const generation = (id: string) => nexos.column('SELECT generation FROM environments WHERE id = $1', [id]);

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What the ingress is told when it asks for a host that it has no route for. */
function visit(
  host: string,
  { method = 'GET', accept = '*/*', body = '', signal }: Visit = {},
): Promise<Answer> {
  const socketPath = join(nexos.env.INGRESS_SOCKET_DIR ?? '', 'fallback.sock');
  const options = { socketPath, method, headers: { host, accept }, agent: false as const };
  return new Promise((resolve, reject) => {
    request({ ...options, ...(signal === undefined ? {} : { signal }) }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    })
      .on('error', reject)
      .end(body);
  });
}
/** That many at once, which stay until they are told to leave, and the answers that some of them get. */
function visitors(host: string, count: number): { leave: () => void; answers: Answer[] } {
  const door = new AbortController();
  setMaxListeners(2 * count, door.signal);
  const answers: Answer[] = [];
  for (let number = 0; number < count; number++) {
    visit(host, { signal: door.signal }).then(
      (answer) => answers.push(answer),
      () => undefined,
    );
  }
  return { leave: () => door.abort(), answers };
}

/** The answer, or nothing where the request is held. */
function answeredSoon(host: string): Promise<Answer | undefined> {
  return visit(host, { signal: AbortSignal.timeout(300) }).catch(() => undefined);
}

interface Visit {
  method?: string;
  accept?: string;
  body?: string;
  signal?: AbortSignal;
}

describe('a request to an environment that sleeps', () => {
  it('of a browser is answered at once with a page that asks again, and wakes it', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    expect(await reads(id)).toBe('sleeping');
    const { status, headers, body } = await visit(host, { accept: 'text/html,*/*;q=0.8' });
    expect(status).toBe(503);
    expect(headers).toMatchObject({
      'retry-after': '5',
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/);
    expect(body).toContain('<meta http-equiv="refresh" content="2">');
    expect(body).not.toMatch(/<script|src=|href=|url\(/);
    expect(await reads(id)).toBe('resuming');
  });

  it('shows branch and project as text, whatever is in them', async () => {
    const { id, host } = await anEnvironment(ASLEEP, `x/"'&<b>`);
    await nexos.api.request(
      'PATCH',
      `/projects/${(await nexos.api.get<Environment>(`/environments/${id}`)).project_id}`,
      {
        name: '<script>alert(1)</script> & co',
      },
    );
    const { body } = await visit(host, { accept: 'text/html' });
    expect(body).toContain('x/&quot;&#39;&amp;&lt;b&gt;');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; co');
    expect(body).not.toContain('<script');
  });

  it.each(['GET', 'HEAD', 'POST', 'DELETE'])(
    'of another client is held until it is up, and then sent there again with its method: %s',
    async (method) => {
      const { id, host } = await anEnvironment(ASLEEP);
      const body = method === 'POST' ? 'x'.repeat(200_000) : '';
      const answer = visit(host, { method, body });
      await eventually('it to be woken', async () => ((await reads(id)) === 'resuming' ? true : undefined));
      expect(await Promise.race([answer, reads(id)])).toBe('resuming');
      await set(id, RUNNING);
      expect(await answer).toMatchObject({
        status: 307,
        headers: { location: `http://${host}/`, 'cache-control': 'no-store' },
      });
    },
  );

  it('of a browser’s form is held as well, for its body would be lost', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    const answer = visit(host, { method: 'POST', accept: 'text/html', body: 'a=b' });
    await eventually('it to be woken', async () => ((await reads(id)) === 'resuming' ? true : undefined));
    await set(id, RUNNING);
    expect(await answer).toMatchObject({ status: 307 });
  });

  it('wakes it once, by however many at the same moment', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    const before = await generation(id);
    const { leave } = visitors(host, 40);
    await eventually('it to be woken', async () => ((await reads(id)) === 'resuming' ? true : undefined));
    await visit(host, { accept: 'text/html' });
    expect(await generation(id)).toEqual([String(Number(before[0]) + 1)]);
    leave();
  });

  it('is told to come again when fifty are held for it already, until one of them goes', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    const { leave, answers } = visitors(host, 53);
    const refused = await eventually('three to be refused', () =>
      Promise.resolve(answers.length >= 3 ? answers : undefined),
    );
    expect(refused).toHaveLength(3);
    for (const answer of [...refused, await visit(host)]) {
      expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
      expect(JSON.parse(answer.body)).toMatchObject({ title: 'Environment waking up' });
    }
    leave();
    await eventually('one to be held', async () =>
      (await answeredSoon(host)) === undefined ? true : undefined,
    );
    expect(await reads(id)).toBe('resuming');
  });

  it('is told what came of it when it does not come up', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    const answer = visit(host);
    await eventually('it to be woken', async () => ((await reads(id)) === 'resuming' ? true : undefined));
    await nexos.api.request('POST', `/environments/${id}/destroy`);
    expect(await answer).toMatchObject({ status: 410 });
  });

  it('reaches it in any case, with a dot and a port', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    const [name, port] = host.toUpperCase().split(':');
    await visit(`${name ?? ''}.:${port ?? ''}`, { accept: 'text/html' });
    expect(await reads(id)).toBe('resuming');
  });
});

describe('a request to an environment that does not sleep', () => {
  it('wakes none that somebody paused, also while it slept', async () => {
    const asked = await anEnvironment(`status = 'paused', desired_state = 'paused'`);
    const asleep = await anEnvironment(ASLEEP);
    expect((await nexos.api.request('POST', `/environments/${asleep.id}/pause`)).status).toBe(202);
    for (const { id, host } of [asked, asleep]) {
      const before = await generation(id);
      const { status, body } = await visit(host);
      expect([status, (JSON.parse(body) as { title: string }).title]).toEqual([503, 'Environment paused']);
      expect([await reads(id), await generation(id)]).toEqual(['paused', before]);
    }
  });

  it('waits for one that somebody resumes', async () => {
    const { id, host } = await anEnvironment(`status = 'paused', desired_state = 'running'`);
    expect((await visit(host, { accept: 'text/html' })).body).toContain('http-equiv="refresh"');
    const answer = visit(host);
    await set(id, RUNNING);
    expect(await answer).toMatchObject({ status: 307 });
  });

  it('is sent there again when it came up while the request was on its way', async () => {
    const { host } = await anEnvironment(RUNNING);
    expect(await visit(host, { accept: 'text/html' })).toMatchObject({ status: 307 });
  });

  it('is sent nowhere again when it runs and has no route: that would have no end', async () => {
    const { host } = await anEnvironment(`status = 'running', resumed_at = now() - interval '10 seconds'`);
    expect(await visit(host)).toMatchObject({ status: 503 });
  });
});

describe('an environment that sleeps', () => {
  it('is resumed by whoever asks for it', async () => {
    const { id } = await anEnvironment(ASLEEP);
    expect(await (await nexos.api.request('POST', `/environments/${id}/resume`)).json()).toMatchObject({
      status: 'resuming',
    });
    await set(id, `desired_state = 'paused'`);
    expect(await reads(id)).toBe('paused');
  });
});

describe('sleep_after_minutes', () => {
  it.each([5, 43_200, null])('may be %s, and is null where nothing is said', async (minutes) => {
    const { id, sleep_after_minutes: first } = await createProject(nexos);
    expect(first).toBeNull();
    const response = await nexos.api.request('PATCH', `/projects/${id}`, { sleep_after_minutes: minutes });
    expect(await response.json()).toMatchObject({ sleep_after_minutes: minutes });
    expect(await createProject(nexos, { sleep_after_minutes: minutes })).toMatchObject({
      sleep_after_minutes: minutes,
    });
  });

  it.each([4, 43_201, 7.5, '60', true, 0, -5, []])('may not be %j', async (minutes) => {
    const { id } = await createProject(nexos);
    const response = await nexos.api.request('PATCH', `/projects/${id}`, { sleep_after_minutes: minutes });
    expect(await refusedFields(response)).toEqual(['sleep_after_minutes']);
  });
});
