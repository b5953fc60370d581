import { type ProjectEntity } from '@nexos/database';
import { NO_COMMIT } from '@nexos/domain';
import { BranchChecksRepository, ProjectsRepository } from '@nexos/state';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { at, deploymentsOf, push } from '../../support/rows.js';
import { BranchCheckFixture } from './branch-check-fixture.js';

const HOUR = 3_600_000;

let database: TestDatabase;
let fixture: BranchCheckFixture;
let project: ProjectEntity;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  fixture = await BranchCheckFixture.start(database);
});
afterAll(async () => {
  await fixture.stop();
  await database.drop();
});
beforeEach(async () => {
  ({ project } = await fixture.begin());
});
afterEach(() => fixture.repository.remove());

const check = () => fixture.check();
const anHourLater = () => fixture.anHourLater();
const pushed = (branch: string, options = {}) => fixture.pushed(branch, options);
const due = () =>
  new BranchChecksRepository(database.unitOfWork).findDue({ intervalMs: HOUR, sweepMs: HOUR });

describe('a branch that appears while deploys are paused', () => {
  const commitsOf = async (branch: string) =>
    (await deploymentsOf(database, project.id, branch)).map(({ commitSha }) => commitSha);
  async function pause(): Promise<void> {
    fixture.server.simulate({ kind: 'status', status: 404 });
    for (let turn = 0; turn < 2; turn += 1) {
      await anHourLater();
      await check();
    }
    expect(await fixture.pausedReason()).toBe('repository_inaccessible');
    fixture.server.simulate(null);
  }
  async function resume(): Promise<void> {
    await anHourLater();
    await check();
    expect(await fixture.pausedReason()).toBeNull();
  }

  it('is deployed when they resume, though no webhook told, and once', async () => {
    await pushed('main');
    await pushed('untold', { isTold: false });
    await check();
    await pause();
    const tip = await pushed('new', { isTold: false });
    await resume();
    expect(await commitsOf('new')).toEqual([tip]);
    expect(await commitsOf('untold')).toEqual([]);
    await database.dataSource.query(`UPDATE deployments SET status = 'cancelled', finished_at = now()`);
    await anHourLater();
    await check();
    expect(await commitsOf('new')).toEqual([tip]);
    // Only after a pause.
    await pushed('later', { isTold: false });
    await anHourLater();
    await check();
    expect(await commitsOf('later')).toEqual([]);
  });

  it('is looked up when they resume, after a webhook that was skipped', async () => {
    await pushed('main');
    await pause();
    const tip = await pushed('new', { isTold: false });
    const told = { repository: project.githubRepo, branch: 'new', before: NO_COMMIT, after: tip };
    expect(await fixture.inbox.acceptAndDrain(told)).toMatchObject({
      outcome: 'skipped',
      reason: 'repository_inaccessible',
    });
    await resume();
    const rows = await database.rows<object>(
      `SELECT head_sha, deploy_due, in_doubt_since IS NOT NULL AS "isInDoubt" FROM branches
       WHERE project_id = $1 AND name = 'new'`,
      [project.id],
    );
    expect(rows).toEqual([{ head_sha: tip, deploy_due: true, isInDoubt: true }]);
  });

  it('is not deployed when the project does not deploy such branches', async () => {
    await pushed('main');
    await check();
    await database.dataSource.query(`UPDATE projects SET branch_exclude = '{new}' WHERE id = $1`, [
      project.id,
    ]);
    await pause();
    await pushed('new', { isTold: false });
    await resume();
    expect(await commitsOf('new')).toEqual([]);
  });

  it('is found without reads of the project that carry the names of all branches', async () => {
    await pushed('main');
    await check();
    await pause();
    const [row] = await database.rows<object>(
      'SELECT heads_when_paused AS heads FROM projects WHERE id = $1',
      [project.id],
    );
    expect(row).toEqual({ heads: ['main'] });
    const read = await database.repository(ProjectsRepository).get(project.id);
    expect(read.headsWhenPaused).toBeUndefined();
  });

  it.each([
    ['too many', ['main', ...Array.from({ length: 10_000 }, (_, n) => `b${n}`)]],
    ['too long', ['main', ...Array.from({ length: 1_100 }, (_, n) => String(n).padStart(240, 'b'))]],
  ])('is not looked for when the names of the branches were %s to keep', async (_, heads) => {
    const checks = database.repository(BranchChecksRepository);
    const kept = async (names: readonly string[]) => {
      const claim = await checks.claim(project.repositoryKey, 0, 0);
      if (claim === null) throw new Error('the check was not due');
      await checks.checked(project.repositoryKey, claim, { defaultBranch: null, heads: names });
      const [row] = await database.rows<{ heads: string[] | null }>(
        'SELECT heads FROM branch_lookups WHERE repository_key = $1',
        [project.repositoryKey],
      );
      return row?.heads?.length ?? null;
    };
    expect(await kept(heads.slice(0, 1_000))).toBe(1_000);
    expect(await kept(heads)).toBeNull();
  });

  it.each([
    ['long before the pause', '3 days', '30 days'],
    ['before there was the project', '1 hour', '1 minute'],
  ])('is not looked for when the last list of branches is from %s', async (_, age, ageOfProject) => {
    await pushed('main');
    await check();
    await database.dataSource.query(`UPDATE branch_lookups SET heads_at = now() - $1::interval`, [age]);
    await database.dataSource.query('UPDATE projects SET created_at = now() - $1::interval', [ageOfProject]);
    await pause();
    await pushed('new', { isTold: false });
    await resume();
    expect(await commitsOf('new')).toEqual([]);
  });

  it('is not looked for when no check has listed the branches before', async () => {
    await pushed('main');
    await pause();
    await pushed('new', { isTold: false });
    await resume();
    expect(await commitsOf('new')).toEqual([]);
  });

  it('is looked for although no branch has an environment', async () => {
    await pushed('main');
    await check();
    await pause();
    await push(database.unitOfWork, project, { branch: 'main', after: NO_COMMIT, at: at(999) });
    await pushed('new', { isTold: false });
    await database.dataSource.query(
      `UPDATE projects SET paused_reason = NULL, paused_at = NULL, updated_at = now() - interval '2 hours' WHERE id = $1`,
      [project.id],
    );
    await anHourLater();
    expect(await due()).toContain(project.repositoryKey);
    await check();
    expect(await commitsOf('new')).toHaveLength(1);
    expect(await due()).not.toContain(project.repositoryKey);
  });
});
