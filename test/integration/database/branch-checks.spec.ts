import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BranchChecksConfig, GithubConfig, IngressConfig, WorkerConfig } from '@nexos/config';
import { type ProjectEntity } from '@nexos/database';
import { RemoteBranches } from '@nexos/git';
import { ConfiguredApp, InstallationTokens } from '@nexos/github';
import { BranchChecksRepository, BranchLookupsRepository } from '@nexos/state';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { BranchCheck } from '../../../apps/integrations/src/branches/branch-check.js';
import { BranchLookup } from '../../../apps/integrations/src/branches/branch-lookup.js';
import { CheckBranchesHandler } from '../../../apps/integrations/src/branches/check-branches.handler.js';
import { LookupClaims } from '../../../apps/integrations/src/branches/lookup-claims.js';
import { RepositoryAccessibility } from '../../../apps/integrations/src/branches/repository-accessibility.js';
import { PauseLog } from '../../../apps/integrations/src/installations/pause-log.js';
import { TestDatabase } from '../../support/database.js';
import { type GitServer, startGitServer } from '../../support/git-server/git-server.js';
import { isolatedGit } from '../../support/git-server/isolated-git.js';
import { TestRepository } from '../../support/git-server/test-repository.js';
import { Inbox } from '../../support/inbox.js';
import {
  at,
  BASE_DOMAIN,
  deploymentsOf,
  environmentsOf,
  insertProject,
  push,
  sha,
} from '../../support/rows.js';

const HOUR = 3_600_000;

let database: TestDatabase;
let folder: string;
let server: GitServer;
let inbox: Inbox;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  folder = await mkdtemp(join(tmpdir(), 'nexos-checks-'));
  server = await startGitServer({ root: folder });
  inbox = new Inbox(database.dataSource);
});
afterAll(async () => {
  await server.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

let name: string;
let counter = 0;
let project: ProjectEntity;
let repository: TestRepository;
beforeEach(async () => {
  server.simulate(null);
  name = `app-${++counter}`;
  project = await insertProject(database.dataSource.manager, { githubRepo: `acme/${name}` });
  repository = await TestRepository.create(await server.createRepository('acme', name));
});
afterEach(() => repository.remove());

/** Handles the job as a separate worker does. */
function check(): Promise<void> {
  const github = Object.assign(new GithubConfig(), { url: server.url });
  const { unitOfWork } = inbox;
  const lookups = new BranchLookupsRepository(unitOfWork);
  const checks = new BranchChecksRepository(unitOfWork);
  const remote = new RemoteBranches(github);
  const tokens = new InstallationTokens(new ConfiguredApp(github));
  const ingress = Object.assign(new IngressConfig(), { baseDomain: BASE_DOMAIN });
  const config = new BranchChecksConfig();
  const lookup = new BranchLookup(unitOfWork, lookups, inbox.deliveries, remote, tokens, ingress);
  const access = new RepositoryAccessibility(unitOfWork, new PauseLog());
  const check = new BranchCheck(unitOfWork, checks, lookups, access, lookup, remote, tokens, config);
  const worker = new WorkerConfig();
  const handler = new CheckBranchesHandler(checks, new LookupClaims(lookups, worker), check, worker, config);
  return handler.handle({ repository: project.repositoryKey }, new AbortController().signal);
}
/** Lets an hour pass since everything that a check has recorded. */
async function anHourLater(): Promise<void> {
  const earlier = `interval '1 hour 1 second'`;
  await database.dataSource.query(
    `UPDATE branch_lookups SET checked_at = checked_at - ${earlier}, not_before = not_before - ${earlier}`,
  );
  await database.dataSource.query(`UPDATE environments SET created_at = created_at - ${earlier}`);
  await database.dataSource.query(`UPDATE branches SET missing_since = missing_since - ${earlier}`);
}
/** Commits and pushes to the Git host, with the webhook or without. */
async function pushed(branch: string, { isTold = true } = {}): Promise<string> {
  const after = await repository.commit({ files: { 'a.txt': `${branch} ${++counter}` }, branch });
  await repository.push(branch);
  if (isTold) await push(database.unitOfWork, project, { branch, after, at: at(counter) });
  return after;
}
const statusOf = async (branch: string) =>
  (await environmentsOf(database, project.id, branch)).map(({ status }) => status);
const pausedReason = async () => {
  const rows = await database.rows<{ reason: string | null }>(
    'SELECT paused_reason AS reason FROM projects WHERE id = $1',
    [project.id],
  );
  return rows[0]?.reason;
};
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
