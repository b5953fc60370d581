import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, createProject, problemOf } from './api-fixture.js';

const MAX_PER_CREDENTIAL = 100;
const MAX_PER_ACCOUNT = 400;

let nexos: SharedApi;
let path: string;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  const { id, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  path = `/deployments/${(await nexos.api.waitForEnvironment(id)).latest_deployment_id ?? ''}/logs`;
});
afterAll(() => nexos.leave());

/** Opens a stream that stays open until it is closed, since the deployment never starts. */
function open(authorization = nexos.api.authorization) {
  const closing = new AbortController();
  const headers = { authorization, accept: 'text/event-stream' };
  const response = fetch(`${nexos.api.baseUrl}/api${path}`, { headers, signal: closing.signal });
  return { response, close: () => closing.abort() };
}

it('the open streams of a credential and of an account are limited, until one of them is closed', async () => {
  const streams: ReturnType<typeof open>[] = [];
  while (streams.length < MAX_PER_CREDENTIAL) {
    const stream = open();
    streams.push(stream);
    expect((await stream.response).status).toBe(200);
  }
  const { response } = open();
  const refused = await response;
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  const { type, detail } = await problemOf(refused);
  expect(type).toBe('urn:nexos:problem:too-many-requests');
  expect(detail).toContain('already being followed with this credential');
  expect((await nexos.api.request('GET', path)).status).toBe(200);
  const { key } = await anotherAccount(nexos, 'operator');
  streams.push(open(`Bearer ${key}`));
  expect((await streams.at(-1)?.response)?.status).toBe(200);

  const keys = await Promise.all([1, 2, 3].map(() => anotherAccount(nexos, 'operator')));
  while (streams.length < MAX_PER_ACCOUNT) {
    const stream = open(`Bearer ${keys[streams.length % keys.length]?.key ?? ''}`);
    streams.push(stream);
    expect((await stream.response).status).toBe(200);
  }
  const ofAccount = await open(`Bearer ${key}`).response;
  expect(ofAccount.status).toBe(429);
  expect((await problemOf(ofAccount)).detail).toContain('already being followed by this account');

  streams[0]?.close();
  const next = await eventually('a free stream', async () => {
    const stream = open();
    return (await stream.response).status === 200 ? stream : undefined;
  });
  for (const { close } of [...streams, next]) close();
});

it('HEAD returns the headers of a stream without staying open', async () => {
  // More than may be open at the same time.
  for (let n = 0; n <= 100; n++) {
    const response = await nexos.api.request('HEAD', path, undefined, { accept: 'text/event-stream' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  }
});
