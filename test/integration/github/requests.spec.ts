import { generateKeyPairSync } from 'node:crypto';
import { GithubConfig } from '@nexos/config';
import { checkReport, type CheckReport, type ReportedDeployment } from '@nexos/domain';
import {
  CheckRuns,
  ConfiguredApp,
  GithubDeployments,
  type GithubRequestError,
  GithubRequests,
  PullRequestComments,
} from '@nexos/github';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../support/github-api/faults.js';
import { GithubApi } from '../../support/github-api/github-api.js';
import { sha } from '../../support/rows.js';

const APP_ID = '4242';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const DEPLOYMENT: ReportedDeployment = {
  id: 'dep_1',
  status: 'queued',
  commitSha: sha(1),
  failureCode: null,
  failureMessage: null,
  skipReason: null,
  queuedAt: '2026-01-01T00:00:00Z',
  startedAt: null,
  liveAt: null,
  finishedAt: null,
  secondsToLive: null,
  secondsToEnd: null,
};
const CHECK = {
  name: 'nexos/shop',
  commitSha: sha(1),
  externalId: 'dep_1',
  url: 'https://shop.test.example',
};
const RECORD = { environment: 'nexos/shop', commitSha: sha(1), externalId: 'dep_1' };
const LIVE = { state: 'success', description: 'Live', environmentUrl: 'https://shop.test.example' } as const;

const report = (over: Partial<ReportedDeployment> = {}): CheckReport =>
  checkReport({ deployment: { ...DEPLOYMENT, ...over }, branch: 'main', url: CHECK.url, logLines: ['a'] });

let api: GithubApi;
beforeEach(async () => {
  api = await GithubApi.start({ id: APP_ID, publicKey });
  api.install('octo/app', 7);
});
afterEach(async () => {
  await api.stop();
});

function clients() {
  const github = Object.assign(new GithubConfig(), { apiUrl: api.url, appId: APP_ID, appPrivateKey: PEM });
  const requests = new GithubRequests(new ConfiguredApp(github));
  return {
    checks: new CheckRuns(requests),
    deployments: new GithubDeployments(requests),
    comments: new PullRequestComments(requests),
  };
}
const access = (repository = 'octo/app', ms = 5_000) => ({
  repository,
  installationId: 7,
  signal: AbortSignal.timeout(ms),
});

describe('requests to GitHub', () => {
  it('create a check run, find it by our id, and complete it', async () => {
    const { checks } = clients();
    expect(await checks.find(access(), CHECK)).toBeNull();
    const created = await checks.create(access(), CHECK, report());
    expect(await checks.find(access(), CHECK)).toEqual(created);
    expect(await checks.find(access(), { ...CHECK, externalId: 'dep_2' })).toBeNull();
    const failed = {
      status: 'failed',
      failureCode: 'build_failed',
      finishedAt: '2026-01-01T00:01:00Z',
    } as const;
    await checks.update(access(), created.id, report(failed));
    expect(api.checkRuns.all.map(({ states }) => states.map(({ conclusion }) => conclusion))).toEqual([
      [undefined, 'failure'],
    ]);
    expect(api.malformed).toEqual([]);
  });

  it('create a deployment, find it by our id, and know its newest status', async () => {
    const { deployments } = clients();
    expect(await deployments.find(access(), RECORD)).toBeNull();
    const id = await deployments.create(access(), RECORD);
    expect(await deployments.find(access(), RECORD)).toBe(id);
    expect(await deployments.hasStatus(access(), id, LIVE)).toBe(false);
    await deployments.addStatus(access(), id, LIVE);
    expect(await deployments.hasStatus(access(), id, LIVE)).toBe(true);
    const inactive = { state: 'inactive', description: 'Replaced', environmentUrl: null } as const;
    expect(await deployments.hasStatus(access(), id, inactive)).toBe(false);
    expect(api.malformed).toEqual([]);
  });

  it('find the open pull requests of a branch, but not those of a fork', async () => {
    const { comments } = clients();
    const { number } = api.pullRequests.open('octo/app', 'feature/x');
    api.pullRequests.open('octo/app', 'feature/x', 'octo/fork');
    api.pullRequests.open('octo/app', 'feature/y');
    api.pullRequests.open('octo/app', 'feature/x').isOpen = false;
    expect(await comments.openPullRequests(access(), 'feature/x')).toEqual([number]);
  });

  it("find the App's own comment among many, even if somebody copies its marker", async () => {
    const { comments } = clients();
    const pull = api.pullRequests.open('octo/app', 'main');
    api.pullRequests.comment(pull, '<!-- mark -->');
    for (let at = 0; at < 150; at++) api.pullRequests.comment(pull, 'Looks good.');
    expect(await comments.find(access(), pull.number, '<!-- mark -->')).toBeNull();
    const id = await comments.create(access(), pull.number, '<!-- mark -->\nText');
    expect(await comments.find(access(), pull.number, '<!-- mark -->')).toBe(id);
    await comments.update(access(), id, '<!-- mark -->\nOther');
    expect(pull.comments.at(-1)?.bodies).toEqual(['<!-- mark -->\nText', '<!-- mark -->\nOther']);
  });

  it('need one token for each permission, which covers one repository and nothing else', async () => {
    const { checks, comments } = clients();
    await checks.find(access(), CHECK);
    await checks.find(access(), CHECK);
    await comments.openPullRequests(access(), 'main');
    expect(api.tokenRequests).toEqual([
      { repositories: ['app'], permissions: { checks: 'write' } },
      { repositories: ['app'], permissions: { pull_requests: 'write' } },
    ]);
  });

  it('get another token once GitHub no longer accepts theirs', async () => {
    const { checks } = clients();
    await checks.find(access(), CHECK);
    api.installations.revokeTokens();
    await expect(checks.find(access(), CHECK)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await checks.find(access(), CHECK)).toBeNull();
  });

  it('say that the App lacks a permission, is suspended or no longer installed', async () => {
    const { checks, deployments } = clients();
    api.installations.grant(7, { checks: 'write' });
    await checks.find(access(), CHECK);
    await expect(deployments.find(access(), RECORD)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('"deployments: write"') as string,
    });
    api.installations.suspend(7);
    await expect(deployments.find(access(), RECORD)).rejects.toThrow('has been suspended');
    api.installations.uninstall(7);
    await expect(deployments.find(access(), RECORD)).rejects.toThrow('no longer installed');
  });

  it.each(FAULT_KINDS)('fail with an error of their own at a fault: %s', async (kind) => {
    const { checks } = clients();
    for (const failing of ['POST /app', 'GET /repos']) {
      api.failWhen((request) => (request.startsWith(failing) ? { kind, isApplied: false } : null));
      const failed = checks.find(access('octo/app', 300), CHECK);
      await expect(failed).rejects.toMatchObject({ name: 'GithubRequestError' });
      const expected = kind.endsWith('limit')
        ? ['limited']
        : kind === '404'
          ? ['refused', 'missing']
          : ['unavailable'];
      expect(expected).toContain(await failed.catch((error: unknown) => (error as GithubRequestError).kind));
      api.failWhen(null);
      expect(await checks.find(access(), CHECK)).toBeNull();
    }
  });
});
