import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type ProjectEntity } from '@nexos/database';
import { NO_COMMIT } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { Inbox } from '../../support/inbox.js';
import { exampleOf, pushPayload } from '../../support/nexos/webhook-sender.js';
import { at, deploymentsOf, insertProject, sha } from '../../support/rows.js';

let database: TestDatabase;
let inbox: Inbox;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  inbox = new Inbox(database.dataSource);
});
afterAll(() => database.drop());

const ID = 4242;
let counter = 0;
let project: ProjectEntity;
let before: string;
let after: string;
beforeEach(async () => {
  before = `acme/old-${++counter}`;
  after = `Acme/New-${counter}`;
  project = await insertProject(database.dataSource.manager, { githubRepo: before });
});

/** Takes in a payload about a repository, and returns what became of it. */
async function take(event: string, payload: Record<string, unknown>, repository: string, id = counter + ID) {
  const given = { ...payload, repository: { ...(payload.repository as object), id, full_name: repository } };
  const scope = { projectId: null, ignoredReason: null };
  const delivery = { ...scope, id: randomUUID(), event, repository, branch: 'main', commitSha: sha(2) };
  await inbox.deliveries.accept([{ ...delivery, body: gzipSync(JSON.stringify(given)) }]);
  await inbox.drain(repository);
  return inbox.find(delivery.id);
}
const takePush = (repository: string, second: number, id?: number) => {
  const moved = { before: second === 1 ? NO_COMMIT : sha(second - 1), after: sha(second) };
  const pushedAt = at(second).getTime() / 1000;
  return take('push', pushPayload({ repository, branch: 'main', pushedAt, ...moved }), repository, id);
};
const takeRename = () => {
  const payload = exampleOf('repository', ({ action }) => action === 'renamed');
  const changes = { repository: { name: { from: before.replace('acme/', '') } } };
  return take('repository', { ...payload, changes }, after);
};
const repositoryOf = async () => {
  const [row] = await database.rows<object>(
    'SELECT github_repo, repository_key, repository_id FROM projects WHERE id = $1',
    [project.id],
  );
  return row;
};
const followed = () => ({
  github_repo: after,
  repository_key: after.toLowerCase(),
  repository_id: String(counter + ID),
});
const commits = async () => (await deploymentsOf(database, project.id)).map(({ commitSha }) => commitSha);

describe('a project that predates access checks', () => {
  const isExempt = async () => {
    const [row] = await database.rows<{ isExempt: boolean }>(
      'SELECT predates_access_checks AS "isExempt" FROM projects WHERE id = $1',
      [project.id],
    );
    return row?.isExempt;
  };
  beforeEach(async () => {
    await database.dataSource.query('UPDATE projects SET predates_access_checks = true WHERE id = $1', [
      project.id,
    ]);
    await takePush(before, 1);
  });

  it('keeps the access to its repository under another name of the same owner', async () => {
    await takePush(after, 2);
    expect([await repositoryOf(), await isExempt()]).toEqual([followed(), true]);
  });

  it('must have the access confirmed once the repository has another owner', async () => {
    after = `Stranger/New-${counter}`;
    await takePush(after, 2);
    expect([await repositoryOf(), await isExempt()]).toEqual([followed(), false]);
  });
});

describe('a repository that gets another name', () => {
  it('is followed by its id from the first push under the new name on, with an event of each environment', async () => {
    await takePush(before, 1);
    expect(await repositoryOf()).toMatchObject({ github_repo: before, repository_id: String(counter + ID) });
    expect(await takePush(after, 2)).toMatchObject({ outcome: 'deployed' });
    expect(await repositoryOf()).toEqual(followed());
    expect(await commits()).toEqual([sha(1), sha(2)]);
    const events = await database.rows<object>(
      `SELECT data, actor, reason FROM environment_events WHERE project_id = $1 AND type = 'repository'`,
      [project.id],
    );
    expect(events).toEqual([
      { data: { from: before, to: after }, actor: 'github', reason: 'repository_renamed' },
    ]);
  });

  it('is followed when the name changes in upper and lower case alone', async () => {
    await takePush(before, 1);
    after = before.replace('old', 'Old');
    expect(await takeRename()).toMatchObject({ outcome: 'renamed', reason: null });
    expect(await repositoryOf()).toEqual(followed());
    const events = await database.rows<object>(
      `SELECT data FROM environment_events WHERE project_id = $1 AND type = 'repository'`,
      [project.id],
    );
    expect(events).toEqual([{ data: { from: before, to: after } }]);
  });

  it('is followed by its former name before any delivery has told its id, and pushes until then deploy', async () => {
    expect(await takePush(after, 1)).toMatchObject({ outcome: 'ignored', reason: 'no_project' });
    expect(await takeRename()).toMatchObject({ outcome: 'renamed', reason: null });
    expect(await repositoryOf()).toEqual(followed());
    expect(await commits()).toEqual([sha(1)]);
  });

  it('keeps its new name when a push from before arrives late', async () => {
    await takePush(before, 1);
    await takePush(before, 2);
    await takeRename();
    expect(await takePush(before, 1)).toMatchObject({ outcome: 'ignored', reason: 'older' });
    expect(await repositoryOf()).toEqual(followed());
  });

  it('keeps its new name when an older event is replayed', async () => {
    await takePush(before, 1);
    const first = await takePush(before, 2);
    await takeRename();
    await inbox.replay(first.id, true);
    await inbox.drain(before);
    expect(await inbox.find(first.id)).toMatchObject({ outcome: 'deployed' });
    expect(await repositoryOf()).toEqual(followed());
  });
});

describe('another repository that takes the name', () => {
  it('does not deploy to the project', async () => {
    await takePush(before, 1);
    expect(await takePush(before, 2, 7)).toMatchObject({ outcome: 'ignored', reason: 'other_repository' });
    expect(await commits()).toEqual([sha(1)]);
  });
});
