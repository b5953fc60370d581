import { join } from 'node:path';
import { type ProjectEntity } from '@nexos/database';
import {
  BranchChecksRepository,
  BranchLookupsRepository,
  type CheckClaim,
  resumeDeploys,
} from '@nexos/state';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { type GitServer } from '../../support/git-server/git-server.js';
import { isolatedGit } from '../../support/git-server/isolated-git.js';
import { TestRepository } from '../../support/git-server/test-repository.js';
import { Inbox } from '../../support/inbox.js';
import { at, deploymentsOf, environmentsOf, insertProject, push, sha } from '../../support/rows.js';
import { BranchCheckFixture } from './branch-check-fixture.js';

const HOUR = 3_600_000;

let database: TestDatabase;
let fixture: BranchCheckFixture;
let folder: string;
let server: GitServer;
let inbox: Inbox;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  fixture = await BranchCheckFixture.start(database);
  ({ folder, server, inbox } = fixture);
});
afterAll(async () => {
  await fixture.stop();
  await database.drop();
});

let name: string;
let project: ProjectEntity;
let repository: TestRepository;
beforeEach(async () => {
  ({ name, project, repository } = await fixture.begin());
});
afterEach(() => repository.remove());

const check = () => fixture.check();
const anHourLater = () => fixture.anHourLater();
const pushed = (branch: string, options = {}) => fixture.pushed(branch, options);
const pausedReason = () => fixture.pausedReason();
const statusOf = async (branch: string) =>
  (await environmentsOf(database, project.id, branch)).map(({ status }) => status);
const requests = () => server.requests.filter(({ url }) => url.includes(`${name}.git/info/refs`)).length;
const due = () =>
  new BranchChecksRepository(database.unitOfWork).findDue({ intervalMs: HOUR, sweepMs: HOUR });

describe('CheckBranchesHandler', () => {
  it('deploys a branch that moved without a webhook, in all projects of the repository, once', async () => {
    const other = await insertProject(database.dataSource.manager, { githubRepo: `Acme/${name}` });
    const first = await pushed('main');
    await push(database.unitOfWork, other, { branch: 'main', after: first, at: at(1) });
    const tip = await pushed('main', { isTold: false });
    const before = requests();
    await Promise.all([check(), check()]);
    await check();
    expect(requests() - before).toBe(1);
    for (const { id } of [project, other])
      expect((await deploymentsOf(database, id)).map(({ commitSha }) => commitSha)).toEqual([first, tip]);
    // The webhook arrives late.
    expect(await push(database.unitOfWork, project, { branch: 'main', before: first, after: tip })).toBe(
      'ignored',
    );
    expect(await due()).not.toContain(project.repositoryKey);
    await anHourLater();
    expect(await due()).toContain(project.repositoryKey);
    await check();
    expect(await deploymentsOf(database, project.id)).toHaveLength(2);
  });

  it('destroys the environment of a branch that was gone twice, an hour apart, and says why', async () => {
    await pushed('main');
    await pushed('feat');
    await repository.deleteBranch('feat');
    await check();
    await check();
    expect(await statusOf('feat')).not.toEqual(['destroying']);
    await anHourLater();
    await check();
    expect(await statusOf('feat')).toEqual(['destroying']);
    expect(await statusOf('main')).not.toEqual(['destroying']);
    const events = await database.rows<object>(
      `SELECT event.actor, event.reason FROM environment_events event
       JOIN environments ON environments.id = event.environment_id
       WHERE environments.project_id = $1 AND branch = 'feat' AND event.data->>'to' = 'destroying'`,
      [project.id],
    );
    expect(events).toEqual([{ actor: 'system', reason: 'branch_missing' }]);
  });

  it('keeps the environment of a branch that is back at the second check, and begins again', async () => {
    await pushed('main');
    const head = await pushed('feat');
    await repository.deleteBranch('feat');
    await check();
    await anHourLater();
    await repository.forcePush('feat', head);
    await check();
    await anHourLater();
    await repository.deleteBranch('feat');
    await check();
    expect(await statusOf('feat')).not.toEqual(['destroying']);
  });

  it.each([
    ['is down', { kind: 'status', status: 503 }, null],
    ['denies access', { kind: 'status', status: 401 }, 'repository_inaccessible'],
    ['does not know the repository', { kind: 'status', status: 404 }, 'repository_inaccessible'],
    ['forbids', { kind: 'status', status: 403 }, 'repository_inaccessible'],
    ['drops the connection', { kind: 'refuse' }, null],
  ] as const)('destroys nothing while the Git host %s, and goes on afterwards', async (_, fault, reason) => {
    await pushed('main');
    await pushed('feat');
    await repository.deleteBranch('feat');
    await check();
    server.simulate(fault);
    const pauses = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await anHourLater();
      await check();
      pauses.push(await pausedReason());
    }
    expect(pauses).toEqual([null, reason, reason]);
    expect(await statusOf('feat')).not.toEqual(['destroying']);
    server.simulate(null);
    await anHourLater();
    await check();
    expect(await pausedReason()).toBeNull();
    expect(await statusOf('feat')).toEqual(['destroying']);
  });

  it('destroys nothing when the repository has no branches at all', async () => {
    await pushed('main');
    await isolatedGit(join(folder, 'acme', `${name}.git`), ['update-ref', '-d', 'refs/heads/main']);
    for (let turn = 0; turn < 3; turn += 1) {
      await check();
      await anHourLater();
    }
    expect(await statusOf('main')).not.toEqual(['destroying']);
  });

  it.each([['before'], ['after']])(
    'keeps the environment of a default branch that was renamed %s the first check',
    async (when) => {
      const head = await pushed('main');
      await pushed('feat');
      if (when === 'after') await check();
      const host = join(folder, 'acme', `${name}.git`);
      await isolatedGit(host, ['branch', '-m', 'main', 'trunk']);
      for (let turn = 0; turn < 3; turn += 1) {
        await anHourLater();
        await check();
        await repository.commit({ files: { 'b.txt': String(turn) }, branch: 'trunk', from: 'main' });
        await repository.push('trunk');
      }
      expect(head).not.toBe(await repository.resolve('refs/heads/trunk'));
      expect(await statusOf('main')).not.toEqual(['destroying']);
    },
  );

  it('records the head of a branch that was deployed without a push, and deploys nothing', async () => {
    const tip = await pushed('main');
    await database.dataSource.query('DELETE FROM branches WHERE project_id = $1', [project.id]);
    await check();
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
    expect(await database.rows('SELECT head_sha FROM branches WHERE project_id = $1', [project.id])).toEqual([
      { head_sha: tip },
    ]);
    const next = await pushed('main', { isTold: false });
    await anHourLater();
    await check();
    expect((await deploymentsOf(database, project.id)).at(-1)).toMatchObject({ commitSha: next });
  });

  it('waits for deliveries that are not processed yet', async () => {
    const before = await pushed('main');
    const after = await pushed('main', { isTold: false });
    await inbox.accept({ repository: project.githubRepo, before, after, message: 'docs [skip ci]' });
    await anHourLater();
    expect(await due()).not.toContain(project.repositoryKey);
    await check();
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
    await inbox.processNext(project.githubRepo);
    await check();
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
  });

  it('ends the grace period with a push', async () => {
    await pushed('main');
    await pushed('feat');
    await repository.deleteBranch('feat');
    await check();
    await anHourLater();
    await push(database.unitOfWork, project, { branch: 'feat', after: sha(7), at: at(1000) });
    await check();
    expect(await statusOf('feat')).not.toEqual(['destroying']);
  });
});

describe('BranchChecksRepository', () => {
  it('has a new repository checked after the interval, or after a delivery through another installation', async () => {
    const { githubRepo, repositoryKey } = project;
    await inbox.acceptAndDrain({ repository: githubRepo, installationId: 7, second: 1 });
    expect(await due()).not.toContain(repositoryKey);
    await anHourLater();
    expect(await due()).toContain(repositoryKey);
    await pushed('other', { isTold: false });
    await check();
    expect(await due()).not.toContain(repositoryKey);
    await inbox.acceptAndDrain({ repository: githubRepo, installationId: 8, branch: 'x', second: 2 });
    expect(await due()).toContain(repositoryKey);
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      'paused deploys resumed',
      () =>
        database.unitOfWork.run((transaction) =>
          resumeDeploys(
            transaction,
            { id: project.id, repositoryKey: project.repositoryKey, pausedReason: 'installation_suspended' },
            'system',
          ),
        ),
    ],
    [
      'a delivery came through another installation',
      () => database.repository(BranchLookupsRepository).endBackOff(project.repositoryKey),
    ],
  ])('has a repository checked once more if %s during a check', async (_, ask) => {
    const { repositoryKey } = project;
    const checks = database.repository(BranchChecksRepository);
    const lookups = database.repository(BranchLookupsRepository);
    const begin = async () => {
      const claim = await checks.claim(repositoryKey, HOUR, HOUR);
      if (claim === null) throw new Error('the check was not due');
      return claim;
    };
    const end = async (claim: CheckClaim) => {
      await checks.checked(repositoryKey, claim, { defaultBranch: 'main', heads: ['main'] });
      await lookups.answered(repositoryKey, claim.id);
    };
    await pushed('main');
    await end(await begin());
    await ask();
    const first = await begin();
    await ask();
    await end(first);
    expect(await due()).toContain(repositoryKey);
    await end(await begin());
    expect(await due()).not.toContain(repositoryKey);
  });

  it('spreads the checks of many repositories over the interval', async () => {
    for (let index = 0; index < 20; index += 1) {
      const owner = await insertProject(database.dataSource.manager, { githubRepo: `spread/app-${index}` });
      await push(database.unitOfWork, owner, { branch: 'main', after: sha(1), at: at(1) });
    }
    const checks = new BranchChecksRepository(database.unitOfWork);
    await anHourLater();
    expect(await checks.findDue({ intervalMs: HOUR, sweepMs: 5_000 })).toHaveLength(1);
    const half = await checks.findDue({ intervalMs: HOUR, sweepMs: HOUR / 2 });
    expect(half.length).toBeGreaterThanOrEqual(10);
    expect(half.length).toBeLessThan((await due()).length);
  });
});
