import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectDelivery } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { exampleOf, NO_COMMIT, pushPayload, type Receipt } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, createProject, ISO, problemOf } from './api-fixture.js';

interface NewSecret {
  webhook_url: string;
  secret: string;
  previous_valid_until: string | null;
}

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

let project: string;
let repository: string;
let secret: string;
beforeEach(async () => {
  ({ id: project, repository } = await createProject(nexos));
  ({ secret } = await replaceSecret());
});

const replaceSecret = () => nexos.api.post<NewSecret>(`/projects/${project}/webhook-secret`);
const NOW = Math.floor(Date.now() / 1000);
const aPush = (changes: Partial<Parameters<typeof pushPayload>[0]> = {}) =>
  pushPayload({
    repository,
    branch: 'main',
    before: NO_COMMIT,
    after: commit(1),
    pushedAt: NOW,
    ...changes,
  });

/** Sends a delivery to the webhook of a project. */
function send(event: string, payload: object, options: { to?: string; secret?: string; id?: string } = {}) {
  const body = JSON.stringify(payload);
  const hmac = createHmac('sha256', options.secret ?? secret).update(body);
  return fetch(`${nexos.api.baseUrl}/api/webhooks/github/${options.to ?? project}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': options.id ?? randomUUID(),
      'x-hub-signature-256': `sha256=${hmac.digest('hex')}`,
    },
    body,
  });
}

/** Sends a delivery and returns what became of it. */
async function deliver(...[event, payload, options]: Parameters<typeof send>) {
  const response = await send(event, payload, options);
  expect(response.status, await response.clone().text()).toBe(202);
  const { delivery } = (await response.json()) as Receipt;
  const { outcome, reason, projects } = await nexos.api.waitForDelivery(delivery);
  return { outcome, reason, projects: projects.map(({ project_id }) => project_id) };
}
const rowOf = async (id = project) =>
  (
    await nexos.column<object>(
      `SELECT jsonb_build_object('repo', github_repo, 'id', repository_id, 'installation', installation_id) FROM projects WHERE id = $1`,
      [id],
    )
  )[0];

describe("a project's own webhook", () => {
  it('deploys pushes to this project only', async () => {
    const other = await nexos.api.createProject({ name: 'Another', github_repo: repository });
    expect(await deliver('push', aPush())).toEqual({
      outcome: 'deployed',
      reason: null,
      projects: [project],
    });
    expect(
      await nexos.column('SELECT project_id FROM deployments WHERE commit_sha = $1', [commit(1)]),
    ).toEqual([project]);
    expect(await nexos.api.get(`/projects/${other.id}/deliveries`)).toEqual([]);
  });

  it('has an address that the project shows, with how to set it up', async () => {
    const created = await replaceSecret();
    const shown = await nexos.api.get<Record<string, string>>(`/projects/${project}`);
    expect(shown).toMatchObject({ webhook_url: created.webhook_url });
    expect(shown.webhook_url).toMatch(new RegExp(`^http://.+/api/webhooks/github/${project}$`));
    expect(shown.webhook_instructions).toContain(`/api/projects/${project}/webhook-secret`);
    expect(JSON.stringify(shown)).not.toContain(created.secret);
  });

  it('ignores another repository, and keeps nothing of it', async () => {
    const { id: victim, repository: taken } = await createProject(nexos);
    expect(await deliver('push', aPush({ repository: taken }))).toEqual({
      outcome: 'ignored',
      reason: 'other_repository',
      projects: [project],
    });
    expect(
      await nexos.column('SELECT body FROM webhook_deliveries WHERE project_id = $1', [project]),
    ).toEqual([null]);
    expect(await nexos.api.get(`/projects/${victim}/deliveries`)).toEqual([]);
    const [listed] = await nexos.api.get<ProjectDelivery[]>(`/projects/${project}/deliveries`);
    expect(listed).toMatchObject({ outcome: 'ignored', reason: 'other_repository' });
  });

  it('is not believed about ids, installations and names of repositories', async () => {
    const before = await rowOf();
    const push = { ...aPush(), installation: { id: 77 } };
    expect(await deliver('push', push)).toMatchObject({ outcome: 'deployed' });
    const renamed = exampleOf('repository', ({ action }) => action === 'renamed');
    const claims = (name: string) => ({
      ...renamed,
      repository: { ...(renamed.repository as object), id: 5, full_name: name },
      changes: { repository: { name: { from: repository.split('/')[1] } } },
    });
    expect(await deliver('repository', claims('acme/victim'))).toMatchObject({ reason: 'other_repository' });
    expect(await deliver('repository', claims(repository))).toMatchObject({
      outcome: 'ignored',
      reason: 'event',
    });
    expect(await rowOf()).toEqual(before);
  });

  it.each(['installation', 'installation_repositories'])(
    'keeps nothing of an event that only the webhook of the GitHub App can tell: %s',
    async (event) => {
      expect(await deliver(event, exampleOf(event))).toEqual({
        outcome: 'ignored',
        reason: 'other_repository',
        projects: [project],
      });
      const bodies = 'SELECT body FROM webhook_deliveries WHERE project_id = $1 AND body IS NOT NULL';
      expect(await nexos.column(bodies, [project])).toEqual([]);
    },
  );

  it('records an event that Nexos does not act on', async () => {
    const star = { ...exampleOf('star'), repository: { full_name: repository } };
    expect(await deliver('star', star)).toEqual({ outcome: 'ignored', reason: 'event', projects: [project] });
  });

  it('takes no delivery again under an id of another webhook', async () => {
    const id = randomUUID();
    await nexos.webhooks.push(
      { repository, branch: 'main', before: NO_COMMIT, after: commit(1), pushedAt: NOW },
      { id },
    );
    const response = await send('push', aPush({ after: commit(2), before: commit(1) }), { id });
    expect(await response.json()).toEqual({ delivery: id, outcome: 'duplicate' });
  });
});

describe('the secret of a project', () => {
  it.each<[string, () => Promise<{ to?: string; secret?: string }>]>([
    ['one of nobody', () => Promise.resolve({ secret: 'a wrong secret for tests' })],
    ['an empty one', () => Promise.resolve({ secret: '' })],
    ['the one of the installation', () => Promise.resolve({ secret: nexos.env.GITHUB_WEBHOOK_SECRET ?? '' })],
    ['one for another project', async () => ({ to: (await createProject(nexos)).id })],
    ['one for an unknown project', () => Promise.resolve({ to: `proj_${'0'.repeat(26)}` })],
  ])('has to be the right one: %s', async (_, options) => {
    const response = await send('push', aPush(), await options());
    expect(response.status).toBe(401);
    expect((await problemOf(response)).type).toBe('urn:nexos:problem:invalid-signature');
    expect(
      await nexos.column('SELECT id FROM webhook_deliveries WHERE repository = $1', [repository]),
    ).toEqual([]);
  });

  it('does not sign for the installation', async () => {
    const response = await nexos.webhooks.send('push', aPush(), { secret });
    expect(response.status).toBe(401);
  });

  it('is replaced: the one before stays valid for an hour, the ones before that do not', async () => {
    const first = secret;
    const second = await replaceSecret();
    expect(second).toEqual({
      webhook_url: expect.stringContaining(project) as string,
      secret: expect.stringMatching(/^[\w-]{43}$/) as string,
      previous_valid_until: ISO,
    });
    const validMs = Date.parse(second.previous_valid_until ?? '') - Date.now();
    expect(validMs).toBeGreaterThan(3_000_000);
    expect(validMs).toBeLessThan(3_700_000);
    const statusWith = async (one: string) => (await send('push', aPush(), { secret: one })).status;
    expect([await statusWith(first), await statusWith(second.secret)]).toEqual([202, 202]);
    const third = await replaceSecret();
    expect([await statusWith(first), await statusWith(second.secret)]).toEqual([401, 202]);
    await nexos.database.query(
      `UPDATE webhook_secrets SET valid_until = now() - interval '1 second' WHERE valid_until IS NOT NULL AND project_id = $1`,
      [project],
    );
    expect([await statusWith(second.secret), await statusWith(third.secret)]).toEqual([401, 202]);
  });

  it('is stored sealed', async () => {
    const rows = await nexos.column<string>(
      'SELECT to_jsonb(s)::text FROM webhook_secrets s WHERE project_id = $1',
      [project],
    );
    expect(rows).toHaveLength(1);
    expect(rows.join('')).not.toContain(secret);
  });

  it('is created by one of many requests at a time', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, replaceSecret));
    expect(new Set(all.map((one) => one.secret)).size).toBe(5);
    const current = await nexos.column(
      'SELECT id FROM webhook_secrets WHERE project_id = $1 AND valid_until IS NULL',
      [project],
    );
    expect(current).toHaveLength(1);
  });

  it('is not for other accounts, and not for a project that is being deleted', async () => {
    const { api } = await anotherAccount(nexos, 'webhook secrets');
    const path = `/projects/${project}/webhook-secret`;
    expect((await api.request('POST', path)).status).toBe(404);
    await nexos.database.query(`UPDATE projects SET status = 'deleting' WHERE id = $1`, [project]);
    expect((await nexos.api.request('POST', path)).status).toBe(409);
    expect((await send('push', aPush())).status).toBe(401);
  });
});
