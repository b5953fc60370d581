import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject } from './api-fixture.js';

/** An API of its own, because the tests stop it. */
let nexos: NexosStack;
let id: string;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), { apps: ['api', 'integrations'] });
  const { id: projectId, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  id = (await nexos.api.waitForEnvironment(projectId)).latest_deployment_id ?? '';
});
afterAll(() => nexos.stop());
beforeEach(async () => {
  if (nexos.app('api').pid === undefined) nexos.app('api').start();
  await nexos.ready();
});

/** Sends a request that the API has begun to answer or to wait for, and whose body may still come. */
function send(method: string, path: string, headers: Record<string, string> = {}) {
  const outgoing = request(`${nexos.api.baseUrl}/api${path}`, {
    method,
    headers: { authorization: nexos.api.authorization, ...headers },
  });
  const answer = once(outgoing, 'response').then(async ([response]: IncomingMessage[]) => {
    let body = '';
    for await (const chunk of response as AsyncIterable<Buffer>) body += chunk.toString();
    return { status: response?.statusCode, connection: response?.headers.connection, body };
  });
  return { outgoing, answer };
}
const log = () => readFileSync(join(nexos.home, 'api.log'), 'utf8');
const untilStopping = () =>
  eventually('the API to stop', () => Promise.resolve(log().includes('received SIGTERM') ? true : undefined));

describe('an API that receives SIGTERM', () => {
  it('answers running requests, ends streams with a retry, refuses new connections, and exits with 0', async () => {
    const waiting = send('GET', `/deployments/${id}?wait=60`);
    const stream = send('GET', `/deployments/${id}/logs`, { accept: 'text/event-stream' });
    waiting.outgoing.end();
    stream.outgoing.end();
    await once(stream.outgoing, 'response');
    // Its body comes once the API is stopping.
    const body = JSON.stringify({ name: 'late', github_repo: 'acme/late' });
    const late = send('POST', '/projects', {
      'content-type': 'application/json',
      'content-length': String(body.length),
    });
    late.outgoing.flushHeaders();
    // Answered after the requests above have been received.
    await nexos.api.get(`/deployments/${id}`);
    const api = nexos.app('api');
    if (api.pid !== undefined) process.kill(api.pid, 'SIGTERM');
    await untilStopping();
    await eventually('new connections to be refused', () =>
      fetch(nexos.api.baseUrl).then(
        () => undefined,
        () => true,
      ),
    );
    late.outgoing.end(body);
    expect(await waiting.answer).toMatchObject({ status: 200, connection: 'close' });
    expect(await late.answer).toMatchObject({ status: 201, connection: 'close' });
    const { body: events } = await stream.answer;
    expect(events.endsWith('retry: 5000\n\n')).toBe(true);
    expect(events).not.toContain('event: end');
    expect(await api.waitForExit()).toBe(0);
  });

  it('cuts off a request that takes longer than 10 s, and exits with 0', async () => {
    const endless = send('POST', '/projects', { 'content-type': 'application/json', 'content-length': '99' });
    endless.outgoing.flushHeaders();
    const cut = expect(endless.answer).rejects.toThrow();
    const api = nexos.app('api');
    await nexos.api.get(`/deployments/${id}`);
    if (api.pid !== undefined) process.kill(api.pid, 'SIGTERM');
    await cut;
    expect(await api.waitForExit()).toBe(0);
  });
});
