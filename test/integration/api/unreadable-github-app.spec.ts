import { Sealer, sealIdentity } from '@nexos/crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { anyPort } from '../../support/any-port.js';
import { eventually } from '../../support/eventually.js';
import { ApiClient, type Project } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT, pushPayload } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, problemOf } from './api-fixture.js';

let nexos: NexosStack;
let early: Project;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), { apps: ['api'] });
  early = await nexos.api.createProject({ name: 'early', github_repo: 'acme/early' });
  const lost = new Sealer({ key: Buffer.alloc(32, 9).toString('base64'), oldKeys: [] });
  await nexos.database.query(
    `INSERT INTO github_app (app_id, slug, name, html_url, sealed_credentials) VALUES (7, 'n', 'N', 'https://x.example', $1)`,
    [lost.seal('{}', sealIdentity.githubApp('7'))],
  );
  // It has just seen that there is no App.
  await nexos.app('api').stop('SIGTERM');
  nexos.app('api').start();
  await nexos.ready();
});
afterAll(() => nexos.stop());

const create = () => nexos.api.request('POST', '/projects', { name: 'shop', github_repo: 'acme/shop' });
const push = (secret?: string) => {
  const payload = pushPayload({
    repository: 'acme/shop',
    branch: 'main',
    before: NO_COMMIT,
    after: commit(1),
  });
  return nexos.webhooks.send('push', payload, secret === undefined ? {} : { secret });
};

describe('a stored GitHub App that no key decrypts', () => {
  it('does not let anybody have a repository that GitHub would have to confirm', async () => {
    const response = await create();
    expect(response.status).toBe(503);
    expect((await problemOf(response)).detail).toContain('ENCRYPTION_KEYS_OLD');
    expect(await nexos.column('SELECT id FROM projects')).toEqual([early.id]);
  });

  it('is shown to operators, who cannot create another one next to it', async () => {
    expect(await nexos.api.get('/github/app')).toMatchObject({
      configured: false,
      source: 'stored',
      problem: expect.stringContaining('ENCRYPTION_KEYS_OLD') as string,
    });
    const response = await nexos.api.request('POST', '/github/app-manifest', {});
    expect(response.status).toBe(409);
    expect((await problemOf(response)).detail).toContain('DELETE /api/github/app');
  });

  it('has its deliveries sent again, and those of other webhooks accepted', async () => {
    expect((await push('a secret that may be that of the App')).status).toBe(503);
    expect((await push()).status).toBe(202);
  });

  it('hides nothing of what the database knows about reports', async () => {
    expect(await nexos.api.get(`/projects/${early.id}/github/reports`)).toEqual({
      obstacle: expect.stringContaining('No webhook of the GitHub App') as string,
      reports: [],
    });
  });

  it('does not keep an API from starting that lets several accounts use all repositories', async () => {
    await anotherAccount(nexos);
    const port = String(await anyPort());
    const other = nexos.secondProcess('api', { PORT: port, REPOSITORIES: 'any' });
    other.start();
    const baseUrl = `http://127.0.0.1:${port}`;
    try {
      await eventually('the second API to be ready', async () => {
        if (other.hasExited) throw new Error('the second API has exited');
        const response = await fetch(`${baseUrl}/health/ready`).catch(() => null);
        return response?.status === 200 ? true : undefined;
      });
      const api = new ApiClient(baseUrl, nexos.api.authorization.replace('Bearer ', ''));
      expect(await api.get('/github/app')).toMatchObject({
        problem: expect.stringContaining('ENCRYPTION_KEYS_OLD') as string,
      });
    } finally {
      await other.stop('SIGTERM');
    }
  });

  it('is gone once it is forgotten', async () => {
    expect((await nexos.api.request('DELETE', '/github/app')).status).toBe(204);
    expect((await create()).status).toBe(201);
  });
});
