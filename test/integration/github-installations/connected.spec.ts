import { type ProjectEntity } from '@nexos/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import {
  installationPayload,
  repositoryPayload,
} from '../../support/github-installations/installation-payload.js';
import { InstallationWorker } from '../../support/github-installations/installation-worker.js';
import { repositoryId } from '../../support/nexos/webhook-sender.js';
import { insertAccount, sha } from '../../support/rows.js';

let counter = 0;

describe('with REPOSITORIES=connected', () => {
  let database: TestDatabase;
  let strict: InstallationWorker;
  let id: number;
  let owner: string;
  let repository: string;
  let project: ProjectEntity;
  beforeAll(async () => {
    database = await TestDatabase.create(inject('system'));
    strict = await InstallationWorker.start(database, 'connected');
  });
  afterAll(async () => {
    await strict.api.stop();
    await database.drop();
  });
  beforeEach(async () => {
    id = 100 + ++counter;
    owner = `octo-${counter}`;
    repository = `${owner}/app`;
    project = await strict.project({ repository, installationId: id });
  });

  const transfer = async (to: string, theirs: number) => {
    await strict.installation({ id, action: 'created', owner, repositories: [repository] });
    const moved = `${to}/app`;
    const payload = repositoryPayload('transferred', moved, {
      id: repositoryId(repository),
      second: 2,
      previousOwner: owner,
    });
    await strict.deliver('repository', payload);
    const event = { id: theirs, action: 'created', owner: to, second: 3, repositories: [moved] };
    const given = installationPayload(event);
    const [one] = given.repositories as { id: number }[];
    if (one !== undefined) one.id = repositoryId(repository);
    await strict.deliver('installation', given);
  };

  it('does not follow a repository into the installation of a stranger', async () => {
    await transfer(`stranger-${counter}`, id + 20_000);
    expect(await strict.stateOf(project)).toMatchObject({
      installation: String(id),
      paused: 'repository_not_connected',
    });
  });

  it('does not follow one into the installation of a stranger while there is no App either', async () => {
    await transfer(`stranger-${counter}`, id + 40_000);
    const before = await strict.stateOf(project);
    expect(before).toMatchObject({ paused: 'repository_not_connected' });
    const without = await InstallationWorker.start(database, 'no app');
    await without.sweep();
    expect(await without.stateOf(project)).toEqual(before);
    const moved = `stranger-${counter}/app`;
    const push = { repository: moved, before: sha(0), after: sha(1), second: 4, installationId: id + 40_000 };
    await without.inbox.acceptAndDrain(push);
    await without.repositories({
      id: id + 40_000,
      action: 'added',
      owner: `stranger-${counter}`,
      second: 5,
      repositories: [`stranger-${counter}/other`],
    });
    expect(await without.stateOf(project)).toEqual(before);
    await without.api.stop();
  });

  it('follows a repository into an installation that its account has, also later', async () => {
    await transfer(`friend-${counter}`, id + 30_000);
    await database.dataSource.query(
      `INSERT INTO account_installations (account_id, installation_id)
       SELECT account_id, $2 FROM projects WHERE id = $1`,
      [project.id, id + 30_000],
    );
    await strict.installations.settleDrift({ requiresConnection: true });
    expect(await strict.stateOf(project)).toEqual({
      repository: `friend-${counter}/app`,
      installation: String(id + 30_000),
      paused: null,
    });
  });

  it('teaches the id and the installation of a public repository only to the account that GitHub confirmed', async () => {
    const other = await strict.project({
      repository,
      isConfirmed: false,
      accountId: await insertAccount(database.dataSource.manager),
    });
    await database.dataSource.query(
      'UPDATE projects SET installation_id = NULL, repository_id = NULL WHERE id = $1',
      [other.id],
    );
    const push = { repository, before: sha(0), after: sha(1), second: 1, installationId: id };
    expect((await strict.inbox.acceptAndDrain(push)).results).toMatchObject([
      { outcome: 'deployed' },
      { outcome: 'deployed' },
    ]);
    const ids = 'SELECT repository_id, installation_id FROM projects WHERE id = $1';
    expect(await database.rows(ids, [other.id])).toEqual([{ repository_id: null, installation_id: null }]);
    const renamed = repositoryPayload('renamed', `${owner}/new`, { id: repositoryId(repository), second: 2 });
    const changes = { repository: { name: { from: 'app' } } };
    const { results } = await strict.deliver('repository', { ...renamed, changes });
    const reasons = new Map(results.map((result) => [result.projectId, result.reason]));
    expect(reasons).toEqual(
      new Map([
        [project.id, null],
        [other.id, 'access_unconfirmed'],
      ]),
    );
    expect(await strict.stateOf(other)).toMatchObject({ repository, installation: null });
  });

  it('does not move a project by a push through another installation', async () => {
    const push = { repository, before: sha(0), after: sha(1), second: 1, installationId: id + 40_000 };
    await strict.inbox.acceptAndDrain(push);
    expect(await strict.stateOf(project)).toMatchObject({ installation: String(id) });
    // GitHub is asked about it.
    expect(await strict.statusOf(id + 40_000)).toBe('active');
  });
});
