import { type ProjectEntity } from '@nexos/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { PauseLog } from '../../../apps/integrations/src/installations/pause-log.js';
import { TestDatabase } from '../../support/database.js';
import { repositoryPayload } from '../../support/github-installations/installation-payload.js';
import { ownerId } from '../../support/github-api/installation-lists.js';
import { InstallationWorker } from '../../support/github-installations/installation-worker.js';
import { repositoryId } from '../../support/nexos/webhook-sender.js';
import { jobsAbout, sha } from '../../support/rows.js';

let database: TestDatabase;
let worker: InstallationWorker;
let counter = 0;
let id: number;
let owner: string;
let repository: string;
let project: ProjectEntity;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  worker = await InstallationWorker.start(database);
});
afterAll(async () => {
  await worker.api.stop();
  await database.drop();
});
beforeEach(async () => {
  id = 100 + ++counter;
  owner = `octo-${counter}`;
  repository = `${owner}/app`;
  project = await worker.project({ repository, installationId: id });
});

const installation = (action: string, second: number, more: object = {}) =>
  worker.installation({ id, action, owner, second, repositories: [repository], ...more });
const repositories = (action: string, second: number, names = [repository]) =>
  worker.repositories({ id, action, owner, second, repositories: names });
const push = (second: number, branch = 'main') =>
  worker.inbox.acceptAndDrain({
    repository,
    branch,
    before: sha(second - 1),
    after: sha(second),
    second,
    installationId: id,
  });
/** Returns in how many seconds GitHub is asked about the installation. */
const dueIn = async () => {
  const [row] = await database.rows<{ seconds: number }>(
    'SELECT extract(epoch FROM list_at - now())::float AS seconds FROM github_installations WHERE id = $1',
    [id],
  );
  return row?.seconds ?? NaN;
};
describe('the repositories of an installation', () => {
  it('are added and removed by its events, and the project of one that is removed is paused', async () => {
    await installation('created', 1);
    await push(1);
    await repositories('added', 2, [`${owner}/docs`]);
    expect(await worker.known(id)).toEqual([repository, `${owner}/docs`]);
    await repositories('removed', 3);
    expect(await worker.known(id)).toEqual([`${owner}/docs`]);
    expect(await worker.stateOf(project)).toMatchObject({ paused: 'repository_not_connected' });
    await repositories('added', 4);
    expect(await worker.stateOf(project)).toMatchObject({ paused: null });
  });

  it('are not what an older event says, but GitHub is asked', async () => {
    await installation('created', 1);
    await repositories('removed', 5, [`${owner}/docs`]);
    await database.dataSource.query(`UPDATE github_installations SET list_at = now() + interval '1 day'`);
    expect(await repositories('removed', 4)).toMatchObject({ outcome: 'ignored', reason: 'older' });
    expect(await worker.known(id)).toEqual([repository]);
    expect(await dueIn()).toBeLessThanOrEqual(10);
  });
});

describe('a repository event', () => {
  const deliver = (action: string, second: number, name = repository, previousOwner = owner) =>
    worker.deliver(
      'repository',
      repositoryPayload(action, name, {
        id: repositoryId(repository),
        second,
        installationId: id,
        previousOwner,
      }),
    );
  const row = async () => {
    const [found] = await database.rows<object>(
      'SELECT name, is_private AS private FROM github_repositories WHERE id = $1',
      [repositoryId(repository)],
    );
    return found;
  };
  beforeEach(() => installation('created', 1));

  it.each(['privatized', 'publicized', 'archived', 'unarchived', 'edited', 'created'])(
    'updates what is known: %s',
    async (action) => {
      expect(await deliver(action, 2)).toMatchObject({ outcome: 'updated', reason: null });
      expect(await row()).toEqual({ name: repository, private: action === 'privatized' });
    },
  );

  const claim = async () => {
    await database.dataSource.query('UPDATE github_installations SET list_at = now() WHERE id = $1', [id]);
    const claims = await worker.installations.claimDue(60_000, 1_000);
    const claimed = claims.find(({ installationId }) => installationId === String(id));
    if (claimed === undefined) throw new Error('the installation was not claimed');
    return claimed;
  };

  it.each(['edited', 'archived', 'unarchived'])('lets a listing go on: %s', async (action) => {
    const claimed = await claim();
    await deliver(action, 2);
    expect(await worker.installations.extend(claimed, 60_000)).not.toBeNull();
  });

  it.each(['created', 'deleted', 'transferred', 'privatized'])(
    'ends a listing, and has the next one begin within ten seconds: %s',
    async (action) => {
      const claimed = await claim();
      await deliver(action, 2);
      expect(await worker.installations.extend(claimed, 60_000)).toBeNull();
      const seconds = await dueIn();
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(10);
      // Others do not postpone it.
      await deliver(action, 3);
      expect(await dueIn()).toBeLessThanOrEqual(seconds);
    },
  );

  it('of an unknown repository has its installation listed', async () => {
    await claim();
    await database.dataSource.query('DELETE FROM github_repositories WHERE installation_id = $1', [id]);
    await deliver('edited', 2);
    expect(await dueIn()).toBeLessThanOrEqual(10);
  });

  it('has its default branch kept when a listing that is older ends later', async () => {
    await deliver('edited', 5);
    const claimed = await claim();
    const known = await database.rows<{ branch: string; at: Date }>(
      'SELECT default_branch AS branch, changed_at AS at FROM github_repositories WHERE id = $1',
      [repositoryId(repository)],
    );
    const at = known[0]?.at.getTime() ?? NaN;
    const [list, defaultBranch] = [worker.installations, 'former'];
    const installed = {
      id: String(id),
      selection: 'all',
      status: 'active',
      updatedAt: new Date(at),
    } as const;
    const found = { ...installed, owner: { id: String(ownerId(owner)), login: owner, type: 'User' } };
    const listed = {
      id: String(repositoryId(repository)),
      name: repository,
      isPrivate: false,
      defaultBranch,
    };
    const rule = { requiresConnection: false };
    await list.record(claimed, found, [{ ...listed, updatedAt: new Date(at - 1_000) }], rule);
    const branch = 'SELECT default_branch AS branch FROM github_repositories WHERE id = $1';
    expect(await database.rows<object>(branch, [repositoryId(repository)])).toEqual([
      { branch: known[0]?.branch },
    ]);
    await list.record(await claim(), found, [{ ...listed, updatedAt: new Date(at + 1_000) }], rule);
    expect(await database.rows<object>(branch, [repositoryId(repository)])).toEqual([{ branch: 'former' }]);
  });

  it('does not overwrite a newer one', async () => {
    await deliver('privatized', 3);
    expect(await deliver('publicized', 2)).toMatchObject({ outcome: 'ignored', reason: 'older' });
    expect(await row()).toMatchObject({ private: true });
    await deliver('publicized', 3);
    expect(await row()).toMatchObject({ private: false });
  });

  it('pauses the projects of a deleted repository, and has the Git host asked', async () => {
    await push(1);
    expect(await deliver('deleted', 2)).toMatchObject({ outcome: 'updated' });
    expect(await worker.stateOf(project)).toMatchObject({ paused: 'repository_inaccessible' });
    expect(await row()).toBeUndefined();
    expect(await jobsAbout(database, repository)).toContain('check-branches');
    expect(await push(2)).toMatchObject({ outcome: 'skipped', reason: 'repository_inaccessible' });
  });

  it('pauses the project of a repository that went to an owner without the App', async () => {
    const moved = `stranger-${counter}/app`;
    expect(await deliver('transferred', 2, moved)).toMatchObject({ outcome: 'renamed' });
    expect(await worker.stateOf(project)).toEqual({
      repository: moved,
      installation: String(id),
      paused: 'repository_not_connected',
    });
  });
});

describe('the log of pauses', () => {
  it('has a pause once its delivery is committed, and not from an attempt that failed', async () => {
    const told = vi.spyOn(PauseLog.prototype, 'tell');
    const record = vi.spyOn(worker.inbox.deliveries, 'record').mockRejectedValueOnce(new Error('cut off'));
    try {
      await worker.deliver('repository', repositoryPayload('deleted', repository, { installationId: id }));
      // The second attempt may have come already.
      await database.dataSource.query(
        `UPDATE webhook_deliveries SET retry_at = now() WHERE outcome = 'accepted' AND repository_key = $1`,
        [repository],
      );
      await worker.inbox.drain(repository);
      const change = { projectId: project.id, from: null, to: 'repository_inaccessible' };
      expect(record).toHaveBeenCalledTimes(2);
      expect(told.mock.calls).toEqual([[[change]]]);
    } finally {
      told.mockRestore();
      record.mockRestore();
    }
  });
});
