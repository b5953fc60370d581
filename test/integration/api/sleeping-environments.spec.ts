import { setMaxListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject, refusedFields } from './api-fixture.js';
import { type Answer, type Visit, visitFallback } from './fallback-visit.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const ASLEEP = `status = 'paused', desired_state = 'paused', asleep = true`;
const RUNNING = `status = 'running', resumed_at = now()`;

/** Creates an environment in this state; only the test works on it. */
async function anEnvironment(state: string, branch = 'main') {
  const { id: projectId, repository, name } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch, before: NO_COMMIT, after: commit(1) });
  const environment = await nexos.api.waitForEnvironment(projectId, branch);
  await nexos.database.query(`UPDATE deployments SET status = 'live' WHERE environment_id = $1`, [
    environment.id,
  ]);
  await set(environment.id, state);
  return { ...environment, host: new URL(environment.url).host, project: name };
}
async function set(id: string, state: string): Promise<void> {
  await nexos.database.query(`UPDATE environments SET ${state} WHERE id = $1`, [id]);
}
const statusOf = async (id: string) => (await nexos.api.get<Environment>(`/environments/${id}`)).status;
const generation = (id: string) => nexos.column('SELECT generation FROM environments WHERE id = $1', [id]);

const visit = (host: string, options?: Visit) => visitFallback(nexos, host, options);
/** Sends `count` concurrent requests, which wait until `leave` is called; `answers` collects the responses. */
function visitors(host: string, count: number): { leave: () => void; answers: Answer[] } {
  const controller = new AbortController();
  setMaxListeners(2 * count, controller.signal);
  const answers: Answer[] = [];
  for (let number = 0; number < count; number++) {
    visit(host, { signal: controller.signal }).then(
      (answer) => answers.push(answer),
      () => undefined,
    );
  }
  return { leave: () => controller.abort(), answers };
}

/** Returns the response, or undefined when the request is held. */
function answeredSoon(host: string): Promise<Answer | undefined> {
  return visit(host, { signal: AbortSignal.timeout(300) }).catch(() => undefined);
}

describe('a request to a sleeping environment', () => {
  it('gets a self-refreshing page in a browser, and wakes the environment', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    expect(await statusOf(id)).toBe('sleeping');
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
    expect(await statusOf(id)).toBe('resuming');
  });

  it('gets an explanation, and does not wake the environment, while the quota has no room for it', async () => {
    const { id, host } = await anEnvironment(`${ASLEEP}, live_deployment_id = latest_deployment_id`);
    const setLimits = (limits: string) => nexos.database.query('UPDATE accounts SET limits = $1', [limits]);
    await setLimits('{"max_cpu": 0}');
    try {
      const { status, body } = await visit(host);
      expect(status).toBe(503);
      expect(JSON.parse(body)).toMatchObject({
        title: 'Environment asleep',
        detail: expect.stringContaining('no capacity to wake it') as string,
      });
      expect(await statusOf(id)).toBe('sleeping');
    } finally {
      await setLimits('{}');
    }
    await eventually('the environment to wake', async () => {
      await visit(host, { accept: 'text/html' });
      return (await statusOf(id)) === 'resuming' ? true : undefined;
    });
  });

  it('gets a page that escapes the names of branch and project', async () => {
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
    'is held for other clients until the environment is up, then redirected with its method: %s',
    async (method) => {
      const { id, host } = await anEnvironment(ASLEEP);
      const body = method === 'POST' ? 'x'.repeat(200_000) : '';
      const answer = visit(host, { method, body });
      await eventually('a wake-up', async () => ((await statusOf(id)) === 'resuming' ? true : undefined));
      expect(await Promise.race([answer, statusOf(id)])).toBe('resuming');
      await set(id, RUNNING);
      expect(await answer).toMatchObject({
        status: 307,
        headers: { location: `http://${host}/`, 'cache-control': 'no-store' },
      });
    },
  );

  it('is held for a form sent by a browser, since a page would lose its body', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    const answer = visit(host, { method: 'POST', accept: 'text/html', body: 'a=b' });
    await eventually('a wake-up', async () => ((await statusOf(id)) === 'resuming' ? true : undefined));
    await set(id, RUNNING);
    expect(await answer).toMatchObject({ status: 307 });
  });

  it('wakes the environment once, even for concurrent requests', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    const before = await generation(id);
    const { leave } = visitors(host, 40);
    await eventually('a wake-up', async () => ((await statusOf(id)) === 'resuming' ? true : undefined));
    await visit(host, { accept: 'text/html' });
    expect(await generation(id)).toEqual([String(Number(before[0]) + 1)]);
    leave();
  });

  it('gets a 503 with Retry-After while fifty others are held', async () => {
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
    expect(await statusOf(id)).toBe('resuming');
  });

  it('gets the outcome when the environment does not come up', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    const answer = visit(host);
    await eventually('a wake-up', async () => ((await statusOf(id)) === 'resuming' ? true : undefined));
    await nexos.api.request('POST', `/environments/${id}/destroy`);
    expect(await answer).toMatchObject({ status: 410 });
  });

  it('wakes the environment of a host in any letter case, with a dot and a port', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    const [name, port] = host.toUpperCase().split(':');
    await visit(`${name ?? ''}.:${port ?? ''}`, { accept: 'text/html' });
    expect(await statusOf(id)).toBe('resuming');
  });
});

const FAILED = `failure_code = 'app_exited', failure_message = 'The secret reason.', failed_at = now(),
  failed_generation = generation, live_deployment_id = latest_deployment_id`;

describe('a request to an environment that did not start', () => {
  it.each([
    ['gave up', '', 'Environment failed to start', false],
    ['is tried again', `, retry_at = now()`, 'Environment not started yet', true],
  ])('gets an explanation without the reason when it %s', async (_, more, title, isReloaded) => {
    const { host } = await anEnvironment(`status = 'failed', ${FAILED}${more}`);
    const { status, body } = await visit(host);
    expect([status, (JSON.parse(body) as { title: string }).title]).toEqual([503, title]);
    const page = (await visit(host, { accept: 'text/html' })).body;
    expect(page).toContain(`<h1>${title}</h1>`);
    expect(page).not.toContain('secret reason');
    expect(page.includes('http-equiv="refresh" content="10"')).toBe(isReloaded);
  });

  it('gets an explanation while an outage keeps it from starting', async () => {
    const { host } = await anEnvironment(
      `status = 'paused', desired_state = 'running', error_code = 'engine_unavailable', error_message = 'x', error_at = now()`,
    );
    const page = (await visit(host, { accept: 'text/html' })).body;
    expect(page).toContain('<h1>Environment not started yet</h1>');
  });

  it('is held no longer once it has failed', async () => {
    const { id, host } = await anEnvironment(ASLEEP);
    const answer = visit(host);
    await eventually('a wake-up', async () => ((await statusOf(id)) === 'resuming' ? true : undefined));
    await set(id, `status = 'failed', ${FAILED}`);
    expect(JSON.parse((await answer).body)).toMatchObject({ title: 'Environment failed to start' });
  });

  it('waits for it again once somebody resumes it', async () => {
    const { id, host } = await anEnvironment(`status = 'failed', ${FAILED}`);
    expect((await nexos.api.request('POST', `/environments/${id}/resume`)).status).toBe(202);
    expect((await visit(host, { accept: 'text/html' })).body).toContain('<h1>Waking up</h1>');
  });
});

describe('a request to an environment that is not asleep', () => {
  it.each(['pausing', 'running'])(
    'gets the page of a paused environment while it is being paused (%s)',
    async (status) => {
      const { host } = await anEnvironment(`status = '${status}', desired_state = 'paused'`);
      expect(JSON.parse((await visit(host)).body)).toMatchObject({ title: 'Environment paused' });
    },
  );

  it('does not wake a paused environment, even one paused while asleep', async () => {
    const asked = await anEnvironment(`status = 'paused', desired_state = 'paused'`);
    const asleep = await anEnvironment(ASLEEP);
    expect((await nexos.api.request('POST', `/environments/${asleep.id}/pause`)).status).toBe(202);
    for (const { id, host } of [asked, asleep]) {
      const before = await generation(id);
      const { status, body } = await visit(host);
      expect([status, (JSON.parse(body) as { title: string }).title]).toEqual([503, 'Environment paused']);
      expect([await statusOf(id), await generation(id)]).toEqual(['paused', before]);
    }
  });

  it('waits for an environment that is being resumed', async () => {
    const { id, host } = await anEnvironment(`status = 'paused', desired_state = 'running'`);
    expect((await visit(host, { accept: 'text/html' })).body).toContain('http-equiv="refresh"');
    const answer = visit(host);
    await set(id, RUNNING);
    expect(await answer).toMatchObject({ status: 307 });
  });

  it('is redirected when the environment has just come up', async () => {
    const { host } = await anEnvironment(RUNNING);
    expect(await visit(host, { accept: 'text/html' })).toMatchObject({ status: 307 });
  });

  it('is not redirected when the environment runs without a route, which would loop', async () => {
    const { host } = await anEnvironment(`status = 'running', resumed_at = now() - interval '10 seconds'`);
    expect(await visit(host)).toMatchObject({ status: 503 });
  });
});

describe('a sleeping environment', () => {
  it('can be resumed through the API', async () => {
    const { id } = await anEnvironment(ASLEEP);
    expect(await (await nexos.api.request('POST', `/environments/${id}/resume`)).json()).toMatchObject({
      status: 'resuming',
    });
    await set(id, `desired_state = 'paused'`);
    expect(await statusOf(id)).toBe('paused');
  });
});

describe('sleep_after_minutes', () => {
  it.each([5, 43_200, null])('can be %s, and is null by default', async (minutes) => {
    const { id, sleep_after_minutes: first } = await createProject(nexos);
    expect(first).toBeNull();
    const response = await nexos.api.request('PATCH', `/projects/${id}`, { sleep_after_minutes: minutes });
    expect(await response.json()).toMatchObject({ sleep_after_minutes: minutes });
    expect(await createProject(nexos, { sleep_after_minutes: minutes })).toMatchObject({
      sleep_after_minutes: minutes,
    });
  });

  it.each([4, 43_201, 7.5, '60', true, 0, -5, []])('cannot be %j', async (minutes) => {
    const { id } = await createProject(nexos);
    const response = await nexos.api.request('PATCH', `/projects/${id}`, { sleep_after_minutes: minutes });
    expect(await refusedFields(response)).toEqual(['sleep_after_minutes']);
  });
});
