import { NOTIFICATION_TYPES } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { anotherAccount, createProject, ISO, problemOf, refusedFields } from './api-fixture.js';

interface Webhook {
  id: string;
  enabled: boolean;
  secret?: string;
}
interface Message {
  id: string;
  status: string;
  attempts: number;
}

let nexos: SharedApi;
let other: Awaited<ReturnType<typeof anotherAccount>>;
let project: string;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  other = await anotherAccount(nexos, 'notifications');
});
afterAll(() => nexos.leave());
beforeEach(async () => {
  project = (await createProject(nexos)).id;
});

/** A private address: the messages of these tests reach nobody. */
const URL = 'http://127.0.0.1:9/hook';
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const hook = (changes: object = {}) => ({ url: URL, events: ['deployment.live'], ...changes });
const send = (method: string, path: string, body?: unknown) => nexos.api.request(method, path, body);
async function create(body: object = hook(), path = `/projects/${project}/webhooks`): Promise<Webhook> {
  const response = await send('POST', path, body);
  expect(response.status).toBe(201);
  return (await response.json()) as Webhook;
}
const sealed = (id: string) => nexos.column<string>('SELECT sealed_secret FROM webhooks WHERE id = $1', [id]);

describe('webhooks', () => {
  it('are created with a secret that is shown once, listed, changed and deleted', async () => {
    const created = await create();
    const { secret, ...webhook } = created;
    expect(created).toEqual({
      id: expect.stringMatching(/^hook_[0-9a-z]{26}$/) as string,
      project_id: project,
      format: 'standard',
      url: URL,
      events: ['deployment.live'],
      enabled: true,
      disabled_reason: null,
      disabled_at: null,
      failing_since: null,
      created_at: ISO,
      updated_at: ISO,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) as string,
    });
    const [before = ''] = await sealed(webhook.id);
    expect(before).not.toContain(secret);
    expect(await nexos.api.get(`/projects/${project}/webhooks`)).toEqual([webhook]);
    expect(await nexos.api.get(`/webhooks/${webhook.id}`)).toEqual(webhook);
    const changed = await send('PATCH', `/webhooks/${webhook.id}`, {
      events: ['environment.crashed'],
      secret: SECRET,
    });
    const text = await changed.text();
    expect(JSON.parse(text)).toMatchObject({ id: webhook.id, url: URL, events: ['environment.crashed'] });
    expect(text).not.toContain(SECRET);
    expect(await sealed(webhook.id)).not.toEqual([before]);
    expect((await send('DELETE', `/webhooks/${webhook.id}`)).status).toBe(204);
    expect((await send('DELETE', `/webhooks/${webhook.id}`)).status).toBe(404);
    expect(await nexos.api.get(`/projects/${project}/webhooks`)).toEqual([]);
  });

  it('of the account are listed without those of its projects', async () => {
    await create();
    const body = hook({ events: NOTIFICATION_TYPES, secret: SECRET });
    const ofAccount = await create(body, '/webhooks');
    expect(ofAccount).toMatchObject({ project_id: null, secret: SECRET });
    const listed = await nexos.api.get<Webhook[]>('/webhooks');
    expect(listed.filter(({ id }) => id === ofAccount.id)).toHaveLength(1);
    expect(listed).not.toContainEqual(expect.objectContaining({ project_id: project }));
    expect((await send('DELETE', `/webhooks/${ofAccount.id}`)).status).toBe(204);
  });

  it.each<[object, string]>([
    [{ url: 'ftp://example.com' }, 'url'],
    [{ url: 'https://user:password@example.com' }, 'url'],
    [{ url: `https://example.com/${'x'.repeat(2_048)}` }, 'url'],
    [{ url: '' }, 'url'],
    [{ events: [] }, 'events'],
    [{ events: ['deployment.live', 'deployment.live'] }, 'events'],
    [{ events: ['deployment.replaced'] }, 'events'],
    [{ events: 'deployment.live' }, 'events'],
    [{ secret: 'a secret' }, 'secret'],
    [{ secret: null }, 'secret'],
    [{ format: 'slack' }, 'format'],
  ])('with %j are refused', async (changes, field) => {
    const response = await send('POST', `/projects/${project}/webhooks`, hook(changes));
    expect(await refusedFields(response)).toEqual([field]);
  });

  it('are limited to 20 in a project', async () => {
    for (let i = 0; i < 20; i++) await create();
    expect(await problemOf(await send('POST', `/projects/${project}/slack`, hook()))).toMatchObject({
      status: 409,
    });
    expect(await problemOf(await send('POST', `/projects/${project}/webhooks`, hook()))).toMatchObject({
      status: 409,
      detail: 'A project can have at most 20 webhooks. Delete some first.',
    });
  });

  it('of another account do not exist', async () => {
    const { id } = await create();
    const { id: test } = (await (await send('POST', `/webhooks/${id}/test`)).json()) as Message;
    for (const [method, path, body] of [
      ['GET', `/projects/${project}/webhooks`, undefined],
      ['POST', `/projects/${project}/webhooks`, hook()],
      ['POST', `/projects/${project}/slack`, hook()],
      ['GET', `/webhooks/${id}`, undefined],
      ['PATCH', `/webhooks/${id}`, { enabled: false }],
      ['DELETE', `/webhooks/${id}`, undefined],
      ['POST', `/webhooks/${id}/test`, undefined],
      ['GET', `/webhooks/${id}/deliveries`, undefined],
      ['POST', `/webhooks/${id}/deliveries/${test}/replay`, undefined],
    ] as const) {
      expect((await other.api.request(method, path, body)).status, `${method} ${path}`).toBe(404);
    }
    const [another] = await Promise.all([create()]);
    const path = `/webhooks/${another.id}/deliveries/${test}/replay`;
    expect((await send('POST', path)).status).toBe(404);
    expect(await nexos.api.get(`/webhooks/${id}`)).toMatchObject({ enabled: true });
  });
});

describe('a channel', () => {
  const ADDRESS = 'https://hooks.slack.com/services/T000/B000/a-secret-part';

  it('has a sealed address that no response shows', async () => {
    const response = await send('POST', `/projects/${project}/slack`, hook({ url: ADDRESS }));
    const text = await response.text();
    expect(text).not.toContain('a-secret-part');
    const channel = JSON.parse(text) as Webhook;
    expect(channel).toMatchObject({ format: 'slack', url: null, enabled: true });
    expect(channel).not.toHaveProperty('secret');
    const [before = ''] = await sealed(channel.id);
    expect(before).not.toContain('a-secret-part');
    const changed = await send('PATCH', `/webhooks/${channel.id}`, { url: `${ADDRESS}-2` });
    expect(await changed.json()).toMatchObject({ url: null });
    expect(await sealed(channel.id)).not.toEqual([before]);
    const { status } = await send('PATCH', `/webhooks/${channel.id}`, { secret: SECRET });
    expect(status).toBe(409);
    const [stored] = await nexos.column('SELECT url FROM webhooks WHERE id = $1', [channel.id]);
    expect(stored).toBeNull();
  });

  it.each(['discord', 'json'])('may have the format %s', async (format) => {
    const channel = await create(hook({ format }), `/projects/${project}/slack`);
    expect(channel).toMatchObject({ format });
  });

  it('of an unknown format is refused', async () => {
    for (const format of ['standard', 'teams', null]) {
      const response = await send('POST', `/projects/${project}/slack`, hook({ format }));
      expect(await refusedFields(response)).toEqual(['format']);
    }
  });
});

describe('a test message', () => {
  it('is sent once, and the list of deliveries says that private addresses get none', async () => {
    const { id } = await create();
    const response = await send('POST', `/webhooks/${id}/test`);
    expect(response.status).toBe(202);
    const { id: messageId } = (await response.json()) as Message;
    const read = async () => {
      const [first] = await nexos.api.get<Message[]>(`/webhooks/${id}/deliveries`);
      return first?.status === 'failed' ? first : undefined;
    };
    expect(await eventually('the message to have been sent', read)).toEqual({
      id: messageId,
      webhook_id: id,
      type: 'test',
      status: 'failed',
      attempts: 1,
      response_status: null,
      latency_ms: expect.any(Number) as number,
      error:
        '127.0.0.1:9 has a private address, which messages are not sent to. Use a public one, or ask the operator.',
      data: expect.objectContaining({ webhook: { id } }) as object,
      at: ISO,
      last_attempt_at: ISO,
      next_attempt_at: null,
      finished_at: ISO,
    });
    const again = await send('POST', `/webhooks/${id}/deliveries/${messageId}/replay`);
    expect(again.status).toBe(202);
    expect(await again.json()).toMatchObject({ id: messageId, status: 'pending' });
    const replayed = await eventually('the message to have been sent again', async () => {
      const message = await read();
      return message?.attempts === 2 ? message : undefined;
    });
    expect(replayed).toMatchObject({ id: messageId, status: 'failed' });
    // A failed test says nothing about what else the receiver gets.
    expect(await nexos.api.get(`/webhooks/${id}`)).toMatchObject({ enabled: true, failing_since: null });
  });

  it('is refused for a disabled webhook, until it is enabled', async () => {
    const { id } = await create();
    const disabled = await send('PATCH', `/webhooks/${id}`, { enabled: false });
    expect(await disabled.json()).toMatchObject({
      enabled: false,
      disabled_reason: 'It was disabled through the API.',
      disabled_at: ISO,
    });
    expect(await problemOf(await send('POST', `/webhooks/${id}/test`))).toMatchObject({ status: 409 });
    const enabled = await send('PATCH', `/webhooks/${id}`, { enabled: true });
    expect(await enabled.json()).toMatchObject({ enabled: true, disabled_reason: null, disabled_at: null });
    expect((await send('POST', `/webhooks/${id}/test`)).status).toBe(202);
  });
});
