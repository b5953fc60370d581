import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject } from './api-fixture.js';

let nexos: SharedApi;
let deployment: string;
let environment: string;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  const { id, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  const found = await nexos.api.waitForEnvironment(id);
  environment = found.id;
  deployment = found.latest_deployment_id ?? '';
});
afterAll(() => nexos.leave());

const read = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  nexos.api.request(method, path, undefined, headers);
const tagOf = async (path: string) => (await read(path)).headers.get('etag') ?? '';

describe('a GET response', () => {
  it('has an ETag that stays the same while nothing changes', async () => {
    for (const path of [`/deployments/${deployment}`, `/environments/${environment}`, '/projects']) {
      const tag = await tagOf(path);
      expect(tag).toMatch(/^"[\w-]{27}"$/);
      expect(await tagOf(path)).toBe(tag);
    }
  });

  it('may be cached by its client, which must revalidate it', async () => {
    const { headers } = await read('/projects');
    expect(headers.get('cache-control')).toBe('private, no-cache');
  });

  it('is a 304 when the client already has it', async () => {
    const path = `/deployments/${deployment}`;
    const tag = await tagOf(path);
    const opaque = tag.replaceAll('"', '');
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, `"x",W/"${opaque}"`, '*']) {
      const response = await read(path, { 'if-none-match': known });
      expect([response.status, await response.text()]).toEqual([304, '']);
      expect(response.headers.get('etag')).toBe(tag);
      expect(response.headers.get('cache-control')).toBe('private, no-cache');
      expect(response.headers.get('x-request-id')).not.toBeNull();
    }
  });

  it.each(['"x"', 'x', '', ',', 'W/', '"', `"${'x'.repeat(5_000)}"`])(
    'is sent when If-None-Match is %s',
    async (known) => {
      const response = await read(`/deployments/${deployment}`, { 'if-none-match': known });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ id: deployment });
    },
  );

  it('is sent with another ETag once it has changed', async () => {
    const path = `/deployments/${deployment}`;
    const tag = await tagOf(path);
    await nexos.database.query(`UPDATE deployments SET commit_message = 'Other' WHERE id = $1`, [deployment]);
    const response = await read(path, { 'if-none-match': tag });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).not.toBe(tag);
  });

  it('has the same ETag as the HEAD response', async () => {
    const path = `/deployments/${deployment}`;
    const response = await read(path, {}, 'HEAD');
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([
      200,
      await tagOf(path),
      '',
    ]);
  });
});

describe('a response that cannot be cached', () => {
  it('has no ETag and is never a 304 when it is a write or an error', async () => {
    const created = await nexos.api.request(
      'POST',
      '/projects',
      { name: 'tagless', github_repo: 'acme/app' },
      { 'if-none-match': '*' },
    );
    const missing = await read('/projects/none', { 'if-none-match': '*' });
    expect([created.status, missing.status]).toEqual([201, 404]);
    for (const { headers } of [created, missing]) {
      expect(headers.get('etag')).toBeNull();
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('is a 401 and never a 304 without a key', async () => {
    const response = await fetch(`${nexos.api.baseUrl}/api/deployments/${deployment}`, {
      headers: { 'if-none-match': '*' },
    });
    expect(response.status).toBe(401);
  });

  it('has no ETag and is never a 304 when it is a log stream', async () => {
    const response = await read(`/deployments/${deployment}/logs`, {
      accept: 'text/event-stream',
      'if-none-match': '*',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
    await response.body?.cancel();
  });
});
