import { forkBranch } from '@nexos/domain';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { repositoryId } from '../../support/nexos/webhook-sender.js';
import { deploymentsOf, insertProject, sha } from '../../support/rows.js';
import { ForkFixture, NUMBER } from './fork-fixture.js';

let database: TestDatabase;
let fixture: ForkFixture;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());
beforeEach(async () => {
  fixture = await ForkFixture.create(database);
});
afterEach(() => fixture.api.stop());

describe('an approved commit of a fork', () => {
  it('is deployed although the repository was renamed since the review', async () => {
    await fixture.review();
    const { githubRepo: name } = fixture.project;
    fixture.api.repositories.rename(name, `${name}-new`);
    fixture.api.installations.disconnect(name);
    fixture.api.install(`${name}-new`, 7);
    await fixture.answer();
    expect(await fixture.deployments()).toEqual([[sha(1), 'queued']]);
  });

  it.each([
    ['private', 0],
    ['public', 1],
  ])(
    'of a %s repository has %i deployments in a project that GitHub did not confirm',
    async (kind, expected) => {
      const { githubRepo } = fixture.project;
      const other = await insertProject(database.dataSource.manager, { githubRepo });
      await database.dataSource.query(`UPDATE projects SET pull_request_forks = 'approved' WHERE id = $1`, [
        other.id,
      ]);
      await database.dataSource.query(
        `INSERT INTO github_installations (id, owner_id, owner_login, owner_type, repository_selection, status, changed_at)
       VALUES (7, 1, 'acme', 'User', 'all', 'active', now()) ON CONFLICT DO NOTHING`,
      );
      await database.dataSource.query(
        `INSERT INTO github_repositories (id, installation_id, name, name_key, is_private) VALUES ($1, 7, $2, $3, $4)`,
        [repositoryId(githubRepo), githubRepo, other.repositoryKey, kind === 'private'],
      );
      await fixture.review();
      await fixture.answer();
      expect(await fixture.deployments()).toEqual([[sha(1), 'queued']]);
      expect(await deploymentsOf(database, other.id, forkBranch(NUMBER))).toHaveLength(expected);
    },
  );

  it('is not denied by a refusal that passes', async () => {
    await fixture.review();
    fixture.api.installations.suspend(7);
    await fixture.answer();
    expect(await fixture.deployments()).toEqual([]);
    fixture.api.installations.suspend(7, false);
    await database.dataSource.query('UPDATE fork_approvals SET next_at = now()');
    await fixture.answer();
    expect(await fixture.deployments()).toEqual([[sha(1), 'queued']]);
  });
});
