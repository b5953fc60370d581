import { generateKeyPairSync } from 'node:crypto';
import type { ProjectEntity } from '@nexos/database';
import { NO_COMMIT } from '@nexos/domain';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { GithubApi } from '../../support/github-api/github-api.js';
import { at, deploymentsOf, insertProject, push, sha } from '../../support/rows.js';
import { BranchCheckFixture } from './branch-check-fixture.js';

const APP_ID = '4242';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let database: TestDatabase;
let github: GithubApi;
let fixture: BranchCheckFixture;
/** A project that GitHub confirmed, with the installation of the repository. */
let confirmed: ProjectEntity;
/** A project of the same repository that GitHub did not confirm. */
let other: ProjectEntity;
let isPrivate: boolean;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  github = await GithubApi.start({ id: APP_ID, publicKey });
  const app = { apiUrl: github.url, appId: APP_ID, appPrivateKey: PEM, repositories: 'connected' } as const;
  fixture = await BranchCheckFixture.start(database, app);
});
afterAll(async () => {
  await fixture.stop();
  await github.stop();
  await database.drop();
});
beforeEach(async () => {
  ({ project: confirmed } = await fixture.begin());
  const { githubRepo } = confirmed;
  other = await insertProject(database.dataSource.manager, { githubRepo });
  await set(confirmed, 'installation_id = 7, access_checked_at = now()');
  github.install(githubRepo, 7);
  isPrivate = false;
  fixture.server.protect(
    githubRepo,
    (token) => !isPrivate || github.installations.canRead(token, githubRepo),
  );
});
afterEach(async () => {
  await fixture.repository.remove();
  expect(github.malformed).toEqual([]);
});

const set = ({ id }: ProjectEntity, change: string) =>
  database.dataSource.query(`UPDATE projects SET ${change} WHERE id = $1`, [id]);
/** Has both projects deploy the head of a branch. */
async function deploy(branch: string): Promise<string> {
  const after = await fixture.pushed(branch);
  await push(database.unitOfWork, other, { branch, after, at: at(1) });
  return after;
}
const commitsOf = async ({ id }: ProjectEntity, branch: string) =>
  (await deploymentsOf(database, id, branch)).map(({ commitSha }) => commitSha);
const branchesOf = async ({ id }: ProjectEntity) => {
  const sql = 'SELECT name FROM branches WHERE project_id = $1 ORDER BY name';
  return (await database.rows<{ name: string }>(sql, [id])).map(({ name }) => name);
};
const pausedReason = async ({ id }: ProjectEntity) => {
  const sql = 'SELECT paused_reason AS reason FROM projects WHERE id = $1';
  return (await database.rows<{ reason: string | null }>(sql, [id]))[0]?.reason;
};
const failures = async () => {
  const sql = 'SELECT failures FROM branch_lookups WHERE repository_key = $1';
  return (await database.rows<{ failures: number }>(sql, [confirmed.repositoryKey]))[0]?.failures;
};

describe('a check of the branches of a repository', () => {
  it.each([
    ['does not tell a project that GitHub did not confirm where the branches of a private one are', true],
    ['tells all projects where the branches of a public one are', false],
  ])('%s', async (_, isHidden) => {
    const first = await deploy('main');
    const tip = await fixture.pushed('main', { isTold: false });
    isPrivate = isHidden;
    await fixture.check();
    expect(await commitsOf(confirmed, 'main')).toEqual([first, tip]);
    expect(await commitsOf(other, 'main')).toEqual(isHidden ? [first] : [first, tip]);
    expect(await failures()).toBe(0);
    expect(await pausedReason(confirmed)).toBeNull();
  });

  it.each([
    ['does not tell such a project the new branches of a private one', true],
    ['tells it those of a public one', false],
  ])('%s', async (_, isHidden) => {
    await deploy('main');
    for (const project of [confirmed, other]) await set(project, `heads_when_paused = '{main}'`);
    const tip = await fixture.pushed('new', { isTold: false });
    isPrivate = isHidden;
    await fixture.check();
    expect(await commitsOf(confirmed, 'new')).toEqual([tip]);
    expect(await branchesOf(other)).toEqual(isHidden ? ['main'] : ['main', 'new']);
  });

  it.each([
    ['does not resume such a project by the access of another one', true],
    ['resumes it by its own access', false],
  ])('%s', async (_, isHidden) => {
    await deploy('main');
    for (const project of [confirmed, other])
      await set(project, `paused_reason = 'repository_inaccessible', paused_at = now()`);
    isPrivate = isHidden;
    await fixture.check();
    expect(await pausedReason(confirmed)).toBeNull();
    expect(await pausedReason(other)).toBe(isHidden ? 'repository_inaccessible' : null);
  });

  it('pauses such a project if no other one has the repository', async () => {
    await deploy('main');
    await set(confirmed, `status = 'deleted', deleted_at = now()`);
    isPrivate = true;
    await fixture.check();
    expect(await pausedReason(other)).toBeNull();
    await fixture.anHourLater();
    await fixture.check();
    expect(await pausedReason(other)).toBe('repository_inaccessible');
  });
});

describe('a lookup of branches in doubt', () => {
  /** Puts the branch in doubt by a push of unknown order, which comes through the project's own webhook. */
  async function doubt(project: ProjectEntity): Promise<string> {
    const given = { repository: project.githubRepo, before: sha(98), after: sha(99), second: 1 };
    return fixture.takeOwn(project, given);
  }
  const inDoubt = async ({ id }: ProjectEntity) =>
    (await database.rows('SELECT 1 FROM branches WHERE project_id = $1 AND in_doubt_since IS NOT NULL', [id]))
      .length;

  it.each([
    ['does not tell a project that GitHub did not confirm the head of a private one', true],
    ['tells it that of a public one', false],
  ])('%s', async (_, isHidden) => {
    const tip = await fixture.pushed('main', { isTold: false });
    for (const project of [confirmed, other])
      await push(database.unitOfWork, project, { before: NO_COMMIT, after: sha(1), at: at(1) });
    const told = [await doubt(confirmed), await doubt(other)];
    isPrivate = isHidden;
    await fixture.lookUp();
    expect([await inDoubt(confirmed), await inDoubt(other)]).toEqual([0, 0]);
    expect(await commitsOf(confirmed, 'main')).toEqual([sha(1), tip]);
    expect(await commitsOf(other, 'main')).toEqual(isHidden ? [sha(1)] : [sha(1), tip]);
    const reasons = [];
    for (const id of told) reasons.push((await fixture.inbox.find(id)).reason);
    expect(reasons).toEqual(['older', isHidden ? 'access_unconfirmed' : 'older']);
    expect(await failures()).toBe(0);
  });
});
