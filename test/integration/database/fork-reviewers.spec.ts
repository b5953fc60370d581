import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { sha } from '../../support/rows.js';
import { ForkFixture } from './fork-fixture.js';

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
