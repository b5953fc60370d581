import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { GithubConfig } from '@nexos/config';
import type { ProjectEntity } from '@nexos/database';
import { DeploymentFailure, NO_COMMIT } from '@nexos/domain';
import { ConfiguredApp, GithubRequests } from '@nexos/github';
import { type DeliveryView, failBuild, rerunChecks } from '@nexos/state';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { claimAny } from '../../support/claim-any.js';
import { TestDatabase } from '../../support/database.js';
import { Inbox, type PushFields } from '../../support/inbox.js';
import { type CheckFields, checkPayload } from '../../support/nexos/check-payload.js';
import {
  API_ACTOR,
  BASE_DOMAIN,
  deploymentsOf,
  environmentsOf,
  insertProject,
  sha,
} from '../../support/rows.js';
import { storeUnreadableApp } from '../../support/unreadable-app.js';

const APP_ID = 4242;

let database: TestDatabase;
let inbox: Inbox;
let project: ProjectEntity;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const github = Object.assign(new GithubConfig(), {
    appId: String(APP_ID),
    appPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  });
  inbox = new Inbox(database.dataSource, {}, new GithubRequests(new ConfiguredApp(github)));
});
afterAll(() => database.drop());
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
  await database.dataSource.query('UPDATE projects SET installation_id = 7 WHERE id = $1', [project.id]);
});

const push = (fields: Partial<PushFields> = {}) =>
  inbox.acceptAndDrain({
    repository: project.githubRepo,
    before: NO_COMMIT,
    after: sha(1),
    second: 1,
    ...fields,
  });

/** Accepts a request to run checks again, and returns the delivery's id. */
async function accept(fields: Partial<CheckFields>, projectId: string | null = null): Promise<string> {
  const repository = project.githubRepo;
  const { event, payload } = checkPayload({ repository, sha: sha(1), appId: APP_ID, ...fields });
  const id = randomUUID();
  const body = gzipSync(JSON.stringify(payload));
  const about = { branch: null, commitSha: fields.sha ?? sha(1), ignoredReason: null };
  await inbox.deliveries.accept([{ id, event, repository, projectId, ...about, body }]);
  return id;
}

async function rerun(
  fields: Partial<CheckFields> = {},
  projectId: string | null = null,
): Promise<DeliveryView> {
  const id = await accept(fields, projectId);
  await inbox.drain(project.githubRepo);
  return inbox.find(id);
}

const deployments = (branch = 'main') => deploymentsOf(database, project.id, branch);

/** Ends the newest deployment of a branch. */
async function fail(branch = 'main'): Promise<string> {
  const { id = '', environmentId = '' } = (await deployments(branch)).at(-1) ?? {};
  await claimAny(database.unitOfWork, id);
  const failure = new DeploymentFailure('dockerfile_invalid', 'It failed.');
  await database.unitOfWork.run((transaction) =>
    failBuild(transaction, { deploymentId: id, environmentId, attempt: 1 }, failure),
  );
  return id;
}

describe('a check that is to run again', () => {
  it('deploys its commit again, in the name of the user', async () => {
    await push();
    const id = await fail();
    const delivery = await rerun({ externalId: id, sender: 'octo<b>cat' });
    const [, again] = await deployments();
    expect(again).toMatchObject({ commitSha: sha(1), status: 'queued' });
    expect(delivery).toMatchObject({
      outcome: 'deployed',
      commitSha: sha(1),
      results: [{ deploymentId: again?.id }],
    });
    const [queued] = await database.rows<object>(
      `SELECT actor, reason, trigger, commit_message AS message FROM deployment_events event
       JOIN deployments ON deployments.id = deployment_id WHERE deployment_id = $1`,
      [again?.id],
    );
    expect(queued).toEqual({
      actor: 'github:octo-b-cat',
      reason: 'check_rerequested',
      trigger: 'rebuild',
      message: 'A change',
    });
  });

  it('deploys nothing when its branch has moved on, or is gone', async () => {
    await push();
    const id = await fail();
    await push({ before: sha(1), after: sha(2), second: 2 });
    expect(await rerun({ externalId: id })).toMatchObject({ outcome: 'ignored', reason: 'older' });
    await push({ before: sha(2), after: NO_COMMIT, second: 3 });
    expect(await rerun({ sha: sha(2) })).toMatchObject({ outcome: 'ignored', reason: 'older' });
    expect(await deployments()).toHaveLength(2);
  });

  it('deploys a push that was skipped', async () => {
    expect(await push({ message: 'docs [skip ci]' })).toMatchObject({ outcome: 'skipped' });
    const externalId = `${project.id} main ${sha(1)}`;
    expect(await rerun({ externalId })).toMatchObject({ outcome: 'deployed' });
    expect(await deployments()).toMatchObject([{ commitSha: sha(1), status: 'queued' }]);
  });

  it('deploys although the project deploys no pushes by itself', async () => {
    await push();
    await fail();
    await database.dataSource.query(
      `UPDATE projects SET auto_deploy = false, deploy_on = 'pull_request' WHERE id = $1`,
      [project.id],
    );
    expect(await rerun()).toMatchObject({ outcome: 'deployed' });
  });

  it('is deployed once when several ask at the same time', async () => {
    await push();
    await fail();
    const first = await accept({});
    const second = await accept({});
    const processes = [inbox, new Inbox(await database.connectAnother(), {}, inbox.requests)];
    await Promise.all(processes.map((process) => process.drain(project.githubRepo)));
    const outcomes = await Promise.all([first, second].map((id) => inbox.find(id)));
    expect(outcomes.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['deployed', null],
      ['ignored', 'deploys_already'],
    ]);
    expect(await deployments()).toHaveLength(2);
  });

  it('of another App, another repository or a webhook of the project changes nothing', async () => {
    await push();
    const id = await fail();
    expect(await rerun({ externalId: id, appId: 1 })).toMatchObject({ reason: 'other_app' });
    expect(await rerun({ externalId: id }, project.id)).toMatchObject({ reason: 'own_webhook' });
    const other = await insertProject(database.dataSource.manager);
    expect(await rerun({ externalId: `${other.id} main ${sha(1)}` })).toMatchObject({
      reason: 'unknown_check',
    });
    expect(await rerun({ externalId: 'nothing of ours' })).toMatchObject({ reason: 'unknown_check' });
    expect(await deployments()).toHaveLength(1);
  });

  it('of a webhook of the project changes nothing while the App cannot be read', async () => {
    const silent = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const requests = new GithubRequests(await storeUnreadableApp(database));
    await expect(requests.appId()).rejects.toMatchObject({ name: 'UnreadableAppError' });
    const id = await accept({}, project.id);
    await new Inbox(database.dataSource, {}, requests).drain(project.githubRepo);
    expect(await inbox.find(id)).toMatchObject({ outcome: 'ignored', reason: 'own_webhook' });
    silent.mockRestore();
  });

  it('has no further actions', async () => {
    await push();
    const id = await fail();
    expect(await rerun({ externalId: id, action: 'requested_action' })).toMatchObject({
      outcome: 'ignored',
      reason: 'requested_action',
    });
  });
});

describe('a suite of checks that is to run again', () => {
  it('deploys each branch of the commit once', async () => {
    await push();
    await fail();
    await push({ branch: 'other' });
    await fail('other');
    await push({ branch: 'moved' });
    await push({ branch: 'moved', before: sha(1), after: sha(2), second: 2 });
    await push({ branch: 'skipped', message: '[skip ci]' });
    expect(await rerun()).toMatchObject({ outcome: 'deployed' });
    const commits = async (branch: string) => (await deployments(branch)).map(({ commitSha }) => commitSha);
    expect(await commits('main')).toEqual([sha(1), sha(1)]);
    expect(await commits('other')).toEqual([sha(1), sha(1)]);
    expect(await commits('moved')).toEqual([sha(1), sha(2)]);
    expect(await commits('skipped')).toEqual([sha(1)]);
    expect(await environmentsOf(database, project.id, 'skipped')).toHaveLength(1);
  });
});

describe('checks of a project with a long history', () => {
  it.each(['one check', 'a suite'])('are found without reading it: %s', async (asked) => {
    await push();
    const id = await fail();
    await database.dataSource.query(
      `INSERT INTO deployments
       SELECT (jsonb_populate_record(one, jsonb_build_object('id', one.id || n, 'commit_sha', lpad(n::text, 40, '9')))).*
       FROM deployments one, generate_series(1, 2000) n WHERE one.id = $1`,
      [id],
    );
    await database.dataSource.query('ANALYZE deployments');
    const read = await database.unitOfWork.run(async (transaction) => {
      const rowsRead = async () => {
        const [row] = await transaction.manager.query<{ count: number }[]>(
          `SELECT (seq_tup_read + idx_tup_fetch)::int AS count FROM pg_stat_xact_user_tables WHERE relname = 'deployments'`,
        );
        return row?.count ?? NaN;
      };
      const before = await rowsRead();
      const request = {
        commitSha: sha(1),
        externalId: asked === 'a suite' ? null : id,
        repositoryId: null,
        cause: { actor: API_ACTOR, reason: 'check_rerequested' } as const,
      };
      expect(await rerunChecks(transaction, project, request, BASE_DOMAIN)).toMatchObject({
        outcome: 'deployed',
      });
      return (await rowsRead()) - before;
    });
    expect(read).toBeLessThan(50);
  });
});
