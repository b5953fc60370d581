import type { ProjectEntity } from '@nexos/database';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { FAULT_KINDS } from '../../support/github-api/faults.js';
import { InstallationWorker } from '../../support/github-installations/installation-worker.js';
import { jobsAbout } from '../../support/rows.js';

let database: TestDatabase;
let worker: InstallationWorker;
let project: ProjectEntity;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.dataSource.query(
    'TRUNCATE accounts, projects, github_installations, github_pauses, branch_lookups, webhook_deliveries, outbox CASCADE',
  );
  worker = await InstallationWorker.start(database);
  worker.api.install('octo/app', 7);
  worker.api.install('octo/docs', 7);
  project = await worker.project({ repository: 'octo/app' });
});
afterEach(async () => {
  expect(worker.api.malformed).toEqual([]);
  await worker.api.stop();
});

const state = () => worker.stateOf(project);
const CONNECTED = { repository: 'octo/app', installation: '7', paused: null };

describe('installations of the GitHub App', () => {
  it('are found without an event, with all pages of their repositories', async () => {
    for (let n = 0; n < 230; n++) worker.api.install(`many/app-${n}`, 8);
    worker.api.lists.setPrivate('octo/docs');
    await worker.sweep();
    expect(await worker.known(7)).toEqual(['octo/app', 'octo/docs']);
    expect(await worker.known(8)).toHaveLength(230);
    const [row] = await database.rows<object>(
      `SELECT is_private, default_branch, name_key FROM github_repositories WHERE name = 'octo/docs'`,
    );
    expect(row).toEqual({ is_private: true, default_branch: 'main', name_key: 'octo/docs' });
    expect(worker.api.tokenRequests).toEqual([
      { permissions: { metadata: 'read' } },
      { permissions: { metadata: 'read' } },
    ]);
    expect(await state()).toEqual(CONNECTED);
  });

  it('are asked about once a day each, at times of their own', async () => {
    for (let id = 20; id < 40; id++) worker.api.install(`many/app-${id}`, id);
    await worker.sweep();
    const before = worker.api.requests.length;
    await worker.sweep();
    expect(worker.api.requests.slice(before)).toEqual(['GET /app/installations']);
    const rows = await database.rows<{ hours: number }>(
      'SELECT extract(epoch FROM list_at - now())::float / 3600 AS hours FROM github_installations',
    );
    const hours = rows.map((row) => row.hours).sort((a, b) => a - b);
    expect(hours).toHaveLength(21);
    expect(hours[0]).toBeGreaterThan(21);
    expect(hours.at(-1)).toBeLessThan(27);
    expect((hours.at(-1) ?? 0) - (hours[0] ?? 0)).toBeGreaterThan(0.5);
  });

  it('are noticed as suspended, removed and back, though no event told', async () => {
    await worker.sweep();
    worker.api.installations.suspend(7);
    await worker.sweep();
    expect(await state()).toMatchObject({ paused: 'installation_suspended' });
    worker.api.installations.suspend(7, false);
    await worker.sweep();
    expect(await state()).toEqual(CONNECTED);
    worker.api.installations.uninstall(7);
    await worker.sweep();
    expect(await state()).toMatchObject({ paused: 'installation_removed' });
    expect(await worker.known(7)).toEqual([]);
    worker.api.install('octo/app', 9);
    worker.api.lists.describe(9, { owner: 'octo' });
    await worker.sweep();
    expect(await state()).toMatchObject({ installation: '9', paused: null });
    expect(await jobsAbout(database, 'octo/app')).toContain('check-branches');
  });

  it('do not stay removed when GitHub has them after all', async () => {
    await worker.sweep();
    await worker.installation({ id: 7, action: 'deleted', second: 5 });
    expect(await state()).toMatchObject({ paused: 'installation_removed' });
    await worker.sweep();
    expect(await state()).toEqual(CONNECTED);
  });
});

describe('repositories of an installation', () => {
  it('are forgotten once GitHub does not list them, and known again when it does', async () => {
    await worker.sweep();
    worker.api.installations.disconnect('octo/app');
    await worker.listAgain();
    expect(await worker.known(7)).toEqual(['octo/docs']);
    expect(await state()).toMatchObject({ paused: 'repository_not_connected' });
    worker.api.install('octo/app', 7);
    await worker.listAgain();
    expect(await state()).toEqual(CONNECTED);
  });

  it('are followed to the name that GitHub lists', async () => {
    await worker.sweep();
    worker.api.lists.rename('octo/app', 'octo/Shop');
    await worker.listAgain();
    expect(await state()).toEqual({ ...CONNECTED, repository: 'octo/Shop' });
    expect(await worker.known(7)).toEqual(expect.arrayContaining(['octo/docs', 'octo/Shop']));
  });

  it('stay known when the list changed while it was read', async () => {
    await worker.sweep();
    worker.api.installations.disconnect('octo/app');
    worker.api.lists.uncounted = 1;
    await worker.listAgain();
    expect(await worker.known(7)).toEqual(['octo/app', 'octo/docs']);
    worker.api.lists.uncounted = 0;
    await worker.listAgain();
    expect(await worker.known(7)).toEqual(['octo/docs']);
  });

  it('are not taken from a list that is older than an event', async () => {
    await worker.sweep();
    await database.dataSource.query('UPDATE github_installations SET list_at = now()');
    const [claim] = await worker.installations.claimDue(60_000, 1);
    if (claim === undefined) throw new Error('nothing is due');
    await worker.repositories({ id: 7, action: 'removed', second: 2, repositories: ['octo/app'] });
    const found = {
      id: '7',
      owner: { id: '1', login: 'octo', type: 'User' },
      selection: 'selected',
      status: 'active',
      updatedAt: new Date(),
    } as const;
    const rule = { requiresConnection: false };
    expect(await worker.installations.record(claim, found, [], rule)).toBeNull();
    expect(await worker.installations.extend(claim, 60_000)).toBeNull();
    expect(await worker.known(7)).toEqual(['octo/docs']);
  });
});

describe('a fault of GitHub', () => {
  const REQUESTS = [
    'GET /app/installations',
    'GET /app/installations/7',
    'POST /app/installations/7/access_tokens',
    'GET /installation/repositories',
  ];
  it.each(FAULT_KINDS)('removes and pauses nothing, and is over at the next answer: %s', async (kind) => {
    await worker.sweep();
    worker.api.install('octo/new', 7);
    if (kind === 'timeout' || kind === 'slow body') worker.timeoutMs = 300;
    for (const failing of REQUESTS) {
      worker.api.failWhen((request) => (request === failing ? { kind, isApplied: false } : null));
      const before = worker.api.requests.length;
      await worker.listAgain();
      expect(worker.api.requests.slice(before)).toContain(failing);
      expect(await worker.statusOf(7)).toBe('active');
      expect(await worker.known(7)).toEqual(expect.arrayContaining(['octo/app', 'octo/docs']));
      expect(await state()).toEqual(CONNECTED);
    }
    worker.api.failWhen(null);
    worker.timeoutMs = 5_000;
    await worker.listAgain();
    expect(await worker.known(7)).toEqual(['octo/app', 'octo/docs', 'octo/new']);
  });

  it('that limits requests keeps the installation waiting as long as GitHub asks', async () => {
    await worker.sweep();
    worker.api.failWhen((request) =>
      request === 'GET /installation/repositories' ? { kind: 'secondary limit', isApplied: false } : null,
    );
    await worker.listAgain();
    const pauses = await database.rows<object>(
      'SELECT installation_id FROM github_pauses WHERE until > now()',
    );
    expect(pauses).toEqual([{ installation_id: '7' }]);
    worker.api.failWhen(null);
    await database.dataSource.query('UPDATE github_installations SET list_at = now()');
    const before = worker.api.requests.length;
    await worker.sweep();
    expect(worker.api.requests.slice(before)).toEqual(['GET /app/installations']);
  });
});
