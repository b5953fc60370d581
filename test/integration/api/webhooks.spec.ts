import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiDocument } from '../../support/nexos/api-document.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import {
  NO_COMMIT,
  deletePayload,
  exampleOf,
  pushPayload,
  type Receipt,
} from '../../support/nexos/webhook-sender.js';
import { commit, createProject, problemOf, refusedFields } from './api-fixture.js';
import { exampleBody } from './owned-resources.js';

const SECRETS = ['a webhook secret for tests', 'the secret that replaces it'] as const;
const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as WebhookDefinition[];
let nexos: NexosStack;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api', 'integrations'],
    env: { GITHUB_WEBHOOK_SECRET: SECRETS.join(',') },
  });
});
afterAll(() => nexos.stop());

const deliver = (...[event, body, delivery]: Parameters<NexosStack['webhooks']['send']>) =>
  nexos.webhooks.send(event, body, delivery);
/** Checks that a delivery was accepted, and returns its outcome. */
const accepted = async (response: Response) => {
  expect(response.status, await response.clone().text()).toBe(202);
  const receipt = (await response.json()) as Receipt;
  expect(receipt).toEqual({ delivery: expect.any(String) as string, outcome: 'accepted' });
  const { outcome, reason, projects } = await nexos.api.waitForDelivery(receipt.delivery);
  return { delivery: receipt.delivery, matched: projects.length, outcome, reason };
};
const rowsOf = async (table: 'webhook_deliveries' | 'branches' | 'deployments') => {
  const [count] = await nexos.column<string>(`SELECT count(*) FROM ${table}`);
  return Number(count);
};
const recorded = async (id: string) =>
  (await nexos.column<object>('SELECT to_jsonb(w) FROM webhook_deliveries w WHERE id = $1', [id]))[0];
const aPush = (repository: string, after = commit(1)) =>
  pushPayload({ repository, branch: 'main', before: NO_COMMIT, after });

describe('a signature', () => {
  const BAD: [string, string][] = [
    ['one of another body', `sha256=${'0'.repeat(64)}`],
    ['an empty one', ''],
    ['one without an algorithm', '0'.repeat(64)],
    ['one of another algorithm', `sha1=${'0'.repeat(40)}`],
    ['one that is too short', `sha256=${'0'.repeat(63)}`],
    ['one that is too long', `sha256=${'0'.repeat(65)}`],
    ['one that is not hex', `sha256=${'z'.repeat(64)}`],
  ];
  it.each(BAD)('is rejected, and nothing is stored: %s', async (_, signature) => {
    const before = await rowsOf('webhook_deliveries');
    const response = await deliver('push', aPush('acme/app'), { signature });
    expect(response.status).toBe(401);
    expect((await problemOf(response)).type).toBe('urn:nexos:problem:invalid-signature');
    expect(await rowsOf('webhook_deliveries')).toBe(before);
  });

  it('is required, regardless of the body', async () => {
    for (const body of ['{}', '{', 'x'.repeat(1_000)]) {
      const response = await fetch(`${nexos.api.baseUrl}/api/webhooks/github`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-github-event': 'push', 'x-github-delivery': 'd' },
        body,
      });
      expect(response.status).toBe(401);
      await problemOf(response);
    }
  });

  it('is rejected when it is made with an unknown secret', async () => {
    const response = await deliver('push', aPush('acme/app'), { secret: 'somebody else’s' });
    expect(response.status).toBe(401);
  });

  it.each(SECRETS)(
    'is accepted with either of two secrets while one replaces the other: %s',
    async (secret) => {
      await accepted(await deliver('push', aPush('acme/nobodys'), { secret }));
    },
  );

  it('covers the raw bytes of the body', async () => {
    const body = `{ "zen":\t"caf\\u00e9 ☕", "hook_id": 1.0 }`;
    expect(await accepted(await deliver('ping', body))).toMatchObject({ outcome: 'ignored' });
  });

  it('is accepted for the example in the OpenAPI document', async () => {
    const { operations } = await ApiDocument.fetch(nexos.api.baseUrl);
    const receive = operations.find(({ operationId }) => operationId === 'webhooks.receive');
    const example = receive === undefined ? undefined : exampleBody(receive);
    expect(await accepted(await deliver('push', JSON.stringify(example)))).toMatchObject({ matched: 0 });
  });
});

describe('a delivery', () => {
  it('gets a 400 for malformed JSON, and nothing is stored', async () => {
    const before = await rowsOf('webhook_deliveries');
    for (const body of ['{', '', 'payload=%7B%7D', '\u0000']) {
      const response = await deliver('push', body);
      expect(response.status).toBe(400);
      await problemOf(response);
    }
    expect(await rowsOf('webhook_deliveries')).toBe(before);
  });

  it('is recorded and ignored when its event is unknown', async () => {
    const answer = await accepted(await deliver('star', { action: 'created' }, { id: 'star-1' }));
    expect(answer).toEqual({ delivery: 'star-1', matched: 0, outcome: 'ignored', reason: 'event' });
    expect(await recorded('star-1')).toMatchObject({ event: 'star', outcome: 'ignored', reason: 'event' });
  });

  it.each(['[]', 'null', '"text"', '7'])(
    'is accepted regardless of its body when its event is unknown: %s',
    async (body) => {
      await accepted(await deliver('something_new', body));
    },
  );

  it('gets a 413 when it exceeds 25 MB, and is accepted at exactly that size', async () => {
    const pad = (bytes: number) => `{"zen":"${'x'.repeat(bytes - 10)}"}`;
    const large = await deliver('ping', pad(25 * 1024 * 1024 + 1));
    expect(large.status).toBe(413);
    await problemOf(large);
    await accepted(await deliver('ping', pad(25 * 1024 * 1024)));
  });

  it('matches nothing when no project has its repository', async () => {
    const answer = await accepted(await deliver('push', aPush('nobody/nothing'), { id: 'unmatched' }));
    expect(answer).toEqual({ delivery: 'unmatched', matched: 0, outcome: 'ignored', reason: 'no_project' });
    expect(await recorded('unmatched')).toMatchObject({ repository: 'nobody/nothing', outcome: 'ignored' });
  });

  it.each([
    ['X-GitHub-Event', { 'x-github-event': 'Push!' }],
    ['X-GitHub-Event', { 'x-github-event': '' }],
    ['X-GitHub-Delivery', { 'x-github-delivery': '' }],
    ['X-GitHub-Delivery', { 'x-github-delivery': 'x'.repeat(65) }],
    ['X-GitHub-Delivery', { 'x-github-delivery': "'; DROP TABLE" }],
  ])('gets a 400 that names an invalid %s header', async (field, headers) => {
    const body = JSON.stringify({ zen: 'x' });
    const signature = createHmac('sha256', SECRETS[0]).update(body).digest('hex');
    const response = await fetch(`${nexos.api.baseUrl}/api/webhooks/github`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'ping',
        'x-github-delivery': 'd',
        'x-hub-signature-256': `sha256=${signature}`,
        ...headers,
      } as Record<string, string>,
      body,
    });
    expect(await refusedFields(response)).toEqual([field]);
  });
});

describe('a push payload', () => {
  const without = (path: string): object => {
    const payload = aPush('acme/app');
    const names = path.split('.');
    const last = names.pop() ?? '';
    const parent = names.reduce<Record<string, unknown>>(
      (object, name) => object[name] as Record<string, unknown>,
      payload,
    );
    Reflect.deleteProperty(parent, last);
    return payload;
  };
  it.each([
    'ref',
    'before',
    'after',
    'deleted',
    'created',
    'repository',
    'repository.full_name',
    'head_commit.id',
  ])('gets a 400 that names the missing %s, and nothing is stored', async (field) => {
    const before = await rowsOf('webhook_deliveries');
    expect(await refusedFields(await deliver('push', without(field)))).toEqual([field]);
    expect(await rowsOf('webhook_deliveries')).toBe(before);
  });

  it.each([
    ['ref', 'refs/heads/a\0b'],
    ['ref', `refs/heads/${'x'.repeat(300)}`],
    ['ref', 'refs/heads/../../etc'],
    ['ref', 7],
    ['after', 'HEAD'],
    ['after', "'; DROP TABLE deployments"],
    ['before', `${'a'.repeat(39)}\0`],
    ['deleted', 'no'],
    ['repository', []],
    ['head_commit', 'x'],
    ['installation', { id: 'x' }],
  ])('gets a 400 when its %s is %j', async (field, value) => {
    const [refused] = await refusedFields(await deliver('push', { ...aPush('acme/app'), [field]: value }));
    expect(refused?.split('.')[0]).toBe(field);
  });

  it.each(['[]', 'null', '"text"', '7', '{}'])('gets a 400 when it is not an object: %s', async (body) => {
    expect((await refusedFields(await deliver('push', body))).length).toBeGreaterThan(0);
  });

  it('can have a commit message of any length and any characters', async () => {
    const { id, repository } = await createProject(nexos);
    const message = `\0zero 🚀 \ud800 ${'long '.repeat(20_000)}`;
    const payload = pushPayload({
      repository,
      branch: 'wörk/🚀',
      before: NO_COMMIT,
      after: commit(1),
      message,
    });
    expect(await accepted(await deliver('push', payload))).toMatchObject({ outcome: 'deployed' });
    const environment = await nexos.api.waitForEnvironment(id, 'wörk/🚀');
    const deployment = await nexos.api.get<{ commit_message: string }>(
      `/deployments/${environment.latest_deployment_id ?? ''}`,
    );
    expect(deployment.commit_message).toMatch(/^zero 🚀 /);
    expect(deployment.commit_message.length).toBeLessThanOrEqual(4_000);
  });

  it('is recorded for a tag, and deploys nothing', async () => {
    const { id, repository } = await createProject(nexos);
    const tag = { ...aPush(repository), ref: 'refs/tags/v1' };
    expect(await accepted(await deliver('push', tag))).toMatchObject({
      matched: 1,
      outcome: 'ignored',
      reason: 'tag',
    });
    expect(await nexos.api.get(`/projects/${id}/environments`)).toEqual([]);
  });
});

describe('POST /webhooks/github with GitHub’s own examples', () => {
  const all = (event: string) =>
    examples
      .filter(({ name }) => name === event)
      .flatMap(({ examples: payloads }) => payloads as unknown as Record<string, unknown>[]);
  it.each(['push', 'delete'])('accepts all examples of %s', async (event) => {
    expect(all(event).length).toBeGreaterThan(0);
    for (const payload of all(event)) await accepted(await deliver(event, payload));
  });

  it('accepts all examples of every other event, and deploys nothing', async () => {
    for (const { name } of examples) {
      if (name === 'push' || name === 'delete') continue;
      const answers = await Promise.all(all(name).map((payload) => deliver(name, payload)));
      for (const answer of answers) {
        const { outcome } = await accepted(answer);
        expect(['ignored', 'updated'], name).toContain(outcome);
      }
    }
  });

  it('deploys to a project of the repository in an example', async () => {
    const payload = exampleOf(
      'push',
      ({ ref, deleted }) => String(ref).startsWith('refs/heads/') && deleted !== true,
    );
    const { full_name: repository } = payload.repository as { full_name: string };
    await createProject(nexos, { github_repo: repository.toUpperCase() });
    expect(await accepted(await deliver('push', payload))).toMatchObject({ matched: 1, outcome: 'deployed' });
  });
});

describe('a deleted branch', () => {
  it('is destroyed once when both a push and a delete event report it', async () => {
    const { id, repository } = await createProject(nexos);
    const pushedAt = Math.floor(Date.now() / 1000);
    const before = commit(1);
    await accepted(
      await deliver(
        'push',
        pushPayload({ repository, branch: 'b', before: NO_COMMIT, after: before, pushedAt: pushedAt - 5 }),
      ),
    );
    const { id: environmentId } = await nexos.api.waitForEnvironment(id, 'b');
    const push = pushPayload({ repository, branch: 'b', before, after: NO_COMMIT, pushedAt });
    const event = deletePayload(repository, 'b', new Date(pushedAt * 1000));
    const answers = await Promise.all([deliver('push', push), deliver('delete', event)]);
    const outcomes = (await Promise.all(answers.map(accepted))).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['destroyed', 'ignored']);
    expect(await nexos.api.get(`/environments/${environmentId}`)).toMatchObject({ status: 'destroying' });
  });
});
