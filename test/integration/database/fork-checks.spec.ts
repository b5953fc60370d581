import { forkBranch } from '@nexos/domain';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { sha } from '../../support/rows.js';
import { ForkFixture, NUMBER } from './fork-fixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let fixture: ForkFixture;
beforeEach(async () => {
  fixture = await ForkFixture.create(database);
});
afterEach(() => fixture.api.stop());

describe('the checks of a fork', () => {
  it('say that an approval is missing, and deploy nothing without one', async () => {
    await fixture.pullRequest('opened');
    const [report] = await database.rows<{ subject: string; skipped: object }>(
      `SELECT subject, skipped FROM github_reports WHERE project_id = $1 AND kind = 'skip'`,
      [fixture.project.id],
    );
    const externalId = `${fixture.project.id} ${forkBranch(NUMBER)} ${sha(1)}`;
    expect(report).toEqual({
      subject: externalId,
      skipped: { commitSha: sha(1), reason: 'not_approved' },
    });
    expect(await fixture.rerun({ externalId })).toMatchObject({ outcome: 'skipped', reason: 'not_approved' });
    expect(await fixture.rerun()).toMatchObject({ outcome: 'skipped', reason: 'not_approved' });
    expect(await fixture.deployments()).toEqual([]);
  });

  it('deploy an approved commit again', async () => {
    await fixture.deploy();
    await database.dataSource.query(
      `UPDATE deployments SET status = 'cancelled', finished_at = now() WHERE project_id = $1`,
      [fixture.project.id],
    );
    expect(await fixture.rerun()).toMatchObject({ outcome: 'deployed' });
    expect(await fixture.deployments()).toHaveLength(2);
  });
});
