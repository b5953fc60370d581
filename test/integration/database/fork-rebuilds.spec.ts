import { actOnEnvironment } from '@nexos/state';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { API_ACTOR, sha } from '../../support/rows.js';
import { ForkFixture } from './fork-fixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let fixture: ForkFixture;
beforeEach(async () => {
  fixture = await ForkFixture.create(database);
  await fixture.deploy();
  await database.dataSource.query('UPDATE deployments SET started_at = now() WHERE project_id = $1', [
    fixture.project.id,
  ]);
});
afterEach(() => fixture.api.stop());

/** Returns why the rebuild was refused; null if it was not. */
async function rebuild(): Promise<string | null> {
  const [environment] = await fixture.environments();
  const { refused } = await database.unitOfWork.run((transaction) =>
    actOnEnvironment(transaction, environment?.id ?? '', 'rebuild', API_ACTOR),
  );
  return refused;
}
const REFUSAL = `Commit ${sha(1).slice(0, 7)} has no valid approval`;

describe('a rebuild of a fork', () => {
  it('builds the commit while its approval holds', async () => {
    expect(await rebuild()).toBeNull();
    expect(await fixture.deployments()).toHaveLength(2);
  });

  it('is refused once the approval was dismissed, and works again after another one', async () => {
    await fixture.review({ action: 'dismissed', state: 'dismissed' });
    expect(await rebuild()).toContain(REFUSAL);
    expect(await fixture.deployments()).toHaveLength(1);
    await fixture.review({ id: 12, second: 3 });
    await fixture.answer();
    expect(await rebuild()).toBeNull();
  });

  it('is refused once the approval is forgotten', async () => {
    await database.dataSource.query('DELETE FROM fork_approvals');
    expect(await rebuild()).toContain(REFUSAL);
  });
});
