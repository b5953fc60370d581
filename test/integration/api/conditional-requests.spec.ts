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
  const found = await nexos.api.environment(id);
  environment = found.id;
  deployment = found.latest_deployment_id ?? '';
});
afterAll(() => nexos.leave());

const read = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  nexos.api.request(method, path, undefined, headers);
const tagOf = async (path: string) => (await read(path)).headers.get('etag') ?? '';

describe('what is read', () => {
  it('has a tag that stays while nothing changes', async () => {
    for (const path of [`/deployments/${deployment}`, `/environments/${environment}`, '/projects']) {
      const tag = await tagOf(path);
      expect(tag).toMatch(/^"[\w-]{27}"$/);
      expect(await tagOf(path)).toBe(tag);
    }
  });

  it('may be kept by its reader, who asks each time whether it still holds', async () => {
    const { headers } = await read('/projects');
    expect(headers.get('cache-control')).toBe('private, no-cache');
  });

  it('is not sent again to whoever has it', async () => {
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
    'is sent to whoever has something else: %s',
    async (known) => {
      const response = await read(`/deployments/${deployment}`, { 'if-none-match': known });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ id: deployment });
    },
  );

  it('has another tag and is sent once it has changed', async () => {
    const path = `/deployments/${deployment}`;
    const tag = await tagOf(path);
    await nexos.database.query(`UPDATE deployments SET commit_message = 'Other' WHERE id = $1`, [deployment]);
    const response = await read(path, { 'if-none-match': tag });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).not.toBe(tag);
  });

  it('has the same tag when only its head is asked for', async () => {
    const path = `/deployments/${deployment}`;
    const response = await read(path, {}, 'HEAD');
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([
      200,
      await tagOf(path),
      '',
    ]);
  });
});

describe('what is not read', () => {
  it('has no tag, is not kept, and is never answered 304', async () => {
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

  it('without a key is told apart from what is: 401 and never 304', async () => {
    const response = await fetch(`${nexos.api.baseUrl}/api/deployments/${deployment}`, {
      headers: { 'if-none-match': '*' },
    });
    expect(response.status).toBe(401);
  });

  it('a stream of a log has neither tag nor 304', async () => {
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
