import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { GithubConfig, IngressConfig, WorkerConfig } from '@nexos/config';
import { type ProjectEntity } from '@nexos/database';
import { NO_COMMIT } from '@nexos/domain';
import { RemoteBranches } from '@nexos/git';
import { ConfiguredApp, InstallationTokens } from '@nexos/github';
import { BranchLookupsRepository } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { BranchLookup } from '../../../apps/integrations/src/branches/branch-lookup.js';
import { LookupClaims } from '../../../apps/integrations/src/branches/lookup-claims.js';
import { LookUpBranchesHandler } from '../../../apps/integrations/src/branches/look-up-branches.handler.js';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type GitServer, startGitServer } from '../../support/git-server/git-server.js';
import { TestRepository } from '../../support/git-server/test-repository.js';
import { Inbox } from '../../support/inbox.js';
import { pullRequestPayload } from '../../support/nexos/pull-request-payload.js';
import { insertProject, at, BASE_DOMAIN, deploymentsOf, push, sha } from '../../support/rows.js';

let database: TestDatabase;
let folder: string;
let server: GitServer;
let inbox: Inbox;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  folder = await mkdtemp(join(tmpdir(), 'nexos-lookups-'));
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
beforeEach(async () => {
  server.simulate(null);
  name = `app-${++counter}`;
  project = await insertProject(database.dataSource.manager, { githubRepo: `acme/${name}` });
});

/** Handles the job as a separate worker does. */
function lookUp(signal = new AbortController().signal): Promise<void> {
  const github = Object.assign(new GithubConfig(), { url: server.url });
  const { unitOfWork } = inbox;
  const lookups = new BranchLookupsRepository(unitOfWork);
  const ingress = Object.assign(new IngressConfig(), { baseDomain: BASE_DOMAIN });
  const lookup = new BranchLookup(
    unitOfWork,
    lookups,
    inbox.deliveries,
    new RemoteBranches(github),
    new InstallationTokens(new ConfiguredApp(github)),
    ingress,
  );
  const claims = new LookupClaims(lookups, new WorkerConfig());
  const handler = new LookUpBranchesHandler(unitOfWork, lookups, lookup, claims, new WorkerConfig());
  return handler.handle({ repository: project.repositoryKey }, signal);
}
const ACCEPTED = { projectId: null, ignoredReason: null };
/** Puts a branch with the head `sha(1)` in doubt. */
async function doubt(owner: ProjectEntity, branch: string): Promise<void> {
  await push(database.unitOfWork, owner, { branch, before: NO_COMMIT, after: sha(1), at: at(1) });
  await push(database.unitOfWork, owner, { branch, before: sha(98), after: sha(99), at: at(1) });
}
const requests = () => server.requests.filter(({ url }) => url.includes(`${name}.git/info/refs`)).length;
const inDoubt = async () => {
  const rows = await database.rows(
    'SELECT 1 FROM branches JOIN projects ON projects.id = project_id WHERE repository_key = $1 AND in_doubt_since IS NOT NULL',
    [project.repositoryKey],
  );
  return rows.length;
};
const lookupRow = async () => {
  const [row] = await database.rows<{ failures: number; waitSeconds: number; error: string | null }>(
    `SELECT failures, error, extract(epoch FROM not_before - now())::float8 AS "waitSeconds" FROM branch_lookups
     WHERE repository_key = $1`,
    [project.repositoryKey],
  );
  return row;
};
/** Checks that a lookup that began then is repeated after so many seconds. */
async function expectWait(seconds: number, began: number): Promise<void> {
  const left = (await lookupRow())?.waitSeconds ?? NaN;
  expect(left).toBeLessThanOrEqual(seconds);
  expect(left).toBeGreaterThan(seconds - (Date.now() - began) / 1_000 - 0.1);
}
const endBackoff = () =>
  database.dataSource.query('UPDATE branch_lookups SET not_before = now() WHERE repository_key = $1', [
    project.repositoryKey,
  ]);

describe('LookUpBranchesHandler', () => {
  it('asks the remote once for all branches in doubt, in all projects of the repository', async () => {
    const repository = await TestRepository.create(await server.createRepository('acme', name));
    const tips: Record<string, string> = {};
    for (const branch of ['main', 'feature/x']) {
      tips[branch] = await repository.commit({ files: { 'a.txt': branch }, branch });
      await repository.push(branch);
    }
    const other = await insertProject(database.dataSource.manager, { githubRepo: `Acme/${name}` });
    for (const owner of [project, other]) {
      for (const branch of ['main', 'feature/x', 'gone']) await doubt(owner, branch);
    }
    const before = requests();
    await lookUp();
    expect(requests() - before).toBe(1);
    expect(await inDoubt()).toBe(0);
    for (const { id } of [project, other]) {
      for (const branch of ['main', 'feature/x']) {
        expect((await deploymentsOf(database, id, branch)).at(-1)).toMatchObject({ commitSha: tips[branch] });
      }
    }
    const [gone] = await database.rows<object>(
      `SELECT head_sha FROM branches WHERE project_id = $1 AND name = 'gone'`,
      [project.id],
    );
    expect(gone).toEqual({ head_sha: NO_COMMIT });
    await repository.remove();
  });

  it.each([
    ['docs [skip ci]', 'skipped', 1],
    ['more docs', 'deployed', 2],
  ])('reads what the delivery of the head says: %s is %s', async (message, outcome, deployments) => {
    const repository = await TestRepository.create(await server.createRepository('acme', name));
    const after = await repository.commit({ files: { 'a.txt': message } });
    await repository.push('main');
    const { githubRepo } = project;
    await push(database.unitOfWork, project, { before: NO_COMMIT, after: sha(1), at: at(1) });
    const { id } = await inbox.acceptAndDrain({
      repository: githubRepo,
      before: sha(98),
      after,
      second: 1,
      message,
    });
    await lookUp();
    expect(await inbox.find(id)).toMatchObject({ outcome });
    const rows = await database.rows<{ message: string | null }>(
      'SELECT commit_message AS message FROM deployments WHERE project_id = $1 ORDER BY queued_at',
      [project.id],
    );
    expect(rows).toHaveLength(deployments);
    if (deployments === 2) expect(rows[1]).toEqual({ message });
    await repository.remove();
  });

  it('runs one lookup of a repository at a time', async () => {
    await server.createRepository('acme', name);
    await doubt(project, 'main');
    server.simulate({ kind: 'slow', milliseconds: 500 });
    const before = requests();
    await Promise.all([lookUp(), lookUp(), lookUp()]);
    expect(requests() - before).toBe(1);
    expect(await inDoubt()).toBe(0);
  });

  it('backs off exponentially while the remote returns 404', async () => {
    await doubt(project, 'main');
    const before = requests();
    for (const [index, seconds] of [15, 30, 60, 120].entries()) {
      const began = Date.now();
      await lookUp();
      // Too early for another request.
      await lookUp();
      const error = expect.stringContaining(name) as string;
      expect(await lookupRow()).toMatchObject({ failures: index + 1, error });
      await expectWait(seconds, began);
      await endBackoff();
    }
    expect(requests() - before).toBe(4);
    expect(await inDoubt()).toBe(1);
  });

  it('retries every 15 s while the remote is unreachable and resets the failures once it answers', async () => {
    await server.createRepository('acme', name);
    await doubt(project, 'main');
    server.simulate({ kind: 'status', status: 502 });
    for (let failure = 1; failure <= 3; failure++) {
      const began = Date.now();
      await lookUp();
      await expectWait(15, began);
      await endBackoff();
    }
    server.simulate(null);
    await lookUp();
    expect(await lookupRow()).toEqual({ failures: 0, error: null, waitSeconds: null });
    expect(await inDoubt()).toBe(0);
  });

  it('resets the backoff of a repository after a delivery through another installation', async () => {
    await doubt(project, 'main');
    await lookUp();
    expect(await lookupRow()).toMatchObject({ failures: 1 });
    await inbox.acceptAndDrain({ repository: project.githubRepo, branch: 'other', installationId: 7 });
    expect(await lookupRow()).toMatchObject({ failures: 0, waitSeconds: null });
  });

  it('does not block the deliveries of a repository during its lookup', async () => {
    await server.createRepository('acme', name);
    await doubt(project, 'main');
    const before = requests();
    server.simulate({ kind: 'slow', milliseconds: 60_000 });
    const stop = new AbortController();
    const asking = expect(lookUp(stop.signal)).rejects.toThrow('enough');
    await eventually('the lookup request', () => Promise.resolve(requests() > before ? true : undefined));
    const taken = await inbox.acceptAndDrain({
      repository: project.githubRepo,
      before: sha(1),
      after: sha(2),
      second: 5,
    });
    expect(taken).toMatchObject({ outcome: 'deployed' });
    stop.abort(new Error('enough'));
    await asking;
    server.simulate(null);
    // The aborted lookup released its claim, so the next one does not wait for it to expire.
    await lookUp();
    expect(await inDoubt()).toBe(0);
  });

  it('settles the other branches of a repository when one cannot be settled', async () => {
    await server.createRepository('acme', name);
    for (const branch of ['bad', 'good']) await doubt(project, branch);
    await database.dataSource.query(`
      CREATE FUNCTION refuse_${counter}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'bad'; END $$`);
    await database.dataSource.query(`
      CREATE TRIGGER bad BEFORE UPDATE ON branches FOR EACH ROW
      WHEN (NEW.name = 'bad' AND NEW.in_doubt_since IS NULL) EXECUTE FUNCTION refuse_${counter}()`);
    await lookUp();
    expect(await inDoubt()).toBe(1);
    await database.dataSource.query('DROP TRIGGER bad ON branches');
    await lookUp();
    expect(await inDoubt()).toBe(0);
  });

  it.each([
    ['A change', ['A change']],
    ['docs [skip ci]', []],
  ])('deploys the head of a branch for its pull request by what its push said: %s', async (message, said) => {
    const repository = await TestRepository.create(await server.createRepository('acme', name));
    const branch = 'feature';
    const after = await repository.commit({ files: { a: '1' }, branch });
    await repository.push(branch);
    const { githubRepo } = project;
    await database.dataSource.query(`UPDATE projects SET deploy_on = 'pull_request' WHERE id = $1`, [
      project.id,
    ]);
    const pushed = { repository: githubRepo, branch, before: NO_COMMIT, after, message };
    expect(await inbox.acceptAndDrain(pushed)).toMatchObject({ outcome: 'skipped' });
    const body = pullRequestPayload({ repository: githubRepo, action: 'opened', head: branch, sha: after });
    const opened = {
      id: `opened-${name}`,
      event: 'pull_request',
      repository: githubRepo,
      branch,
      ...ACCEPTED,
    };
    await inbox.deliveries.accept([{ ...opened, commitSha: after, body: gzipSync(JSON.stringify(body)) }]);
    await inbox.drain(githubRepo);
    await lookUp();
    expect(await inDoubt()).toBe(0);
    const messages = await database.rows<{ message: string }>(
      'SELECT commit_message AS message FROM deployments WHERE project_id = $1',
      [project.id],
    );
    expect(messages.map((row) => row.message)).toEqual(said);
    expect(await inbox.find(opened.id)).toMatchObject(
      said.length > 0 ? { outcome: 'deployed' } : { outcome: 'skipped', reason: 'skip_mark' },
    );
  });
});
