import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { INTEGRATIONS_FAULT_POINTS, type IntegrationsFaultPoint } from '@nexos/config';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { GithubApi } from '../support/github-api/github-api.js';
import { installationPayload } from '../support/github-installations/installation-payload.js';
import type { Project } from '../support/nexos/api-client.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { NO_COMMIT, pushPayload } from '../support/nexos/webhook-sender.js';
import { sample } from '../support/scale.js';

const APP_ID = '4242';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const NOW = Math.floor(Date.now() / 1000) - 3_600;
const pointsOf = (group: string) =>
  INTEGRATIONS_FAULT_POINTS.filter((point) => point.startsWith(`${group}.`));

let api: GithubApi;
let nexos: NexosStack;
let installations = 500;
beforeAll(async () => {
  api = await GithubApi.start({ id: APP_ID, publicKey });
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api', 'integrations'],
    env: {
      SWEEP_MS: '300',
      QUEUE_LOCK_MS: '1000',
      QUEUE_STALLED_MS: '500',
      LEASE_MS: '1000',
      REPOSITORIES: 'any',
      GITHUB_API_URL: api.url,
      GITHUB_APP_ID: APP_ID,
      GITHUB_APP_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  });
});
afterAll(async () => {
  await nexos.stop();
  await api.stop();
});

/** A project whose repository has the App, and whose first commit is deployed. */
interface Connected {
  readonly project: TestProject;
  readonly id: number;
  readonly first: string;
}

async function connect(): Promise<Connected> {
  const project = await TestProject.create(nexos, {
    github: { checks: false, deployments: false, comments: false },
  });
  const id = ++installations;
  api.install(project.fullName, id);
  const first = await project.commit({ 'a.txt': randomUUID() });
  await deliverPush({ project, id, first }, first, NO_COMMIT, 1);
  await eventually('GitHub to be asked about the installation', async () => {
    const listed = 'SELECT 1 FROM github_installations WHERE id = $1 AND listed_at IS NOT NULL';
    return (await nexos.column(listed, [id])).length > 0 ? true : undefined;
  });
  return { project, id, first };
}

function deliverPush({ project, id }: Connected, after: string, before: string, second: number) {
  const push = { repository: project.fullName, branch: 'main', before, after, pushedAt: NOW + second };
  return nexos.webhooks.deliver('push', { ...pushPayload(push), installation: { id } });
}

/** Runs `work` while the only worker is one that dies at the fault point; then a normal worker takes over. */
async function withWorkerDyingAt(point: IntegrationsFaultPoint, work: () => Promise<unknown>): Promise<void> {
  await nexos.app('integrations').stop('SIGTERM');
  const worker = nexos.secondProcess('integrations', { NEXOS_FAULT_POINT: point });
  try {
    worker.start();
    await work();
    expect(await worker.waitForExit(), point).toBe('SIGKILL');
  } finally {
    await worker.stop('SIGKILL');
    nexos.app('integrations').start();
  }
}

async function untilPaused({ project }: Connected, reason: string | null): Promise<void> {
  await eventually(`the project to be paused: ${reason ?? 'no'}`, async () => {
    const { deploys_paused: paused } = await nexos.api.get<Project>(`/projects/${project.id}`);
    return (paused?.reason ?? null) === reason ? true : undefined;
  });
}

/** Expects each of the commits to be deployed, once, and one pause and its end to be recorded. */
async function expectOneOfEach({ project }: Connected, commits: readonly string[]): Promise<void> {
  const deployed = () =>
    nexos.column<string>('SELECT commit_sha FROM deployments WHERE project_id = $1 ORDER BY id', [
      project.id,
    ]);
  await eventually('the missed push to be deployed', async () =>
    (await deployed()).length >= commits.length ? true : undefined,
  );
  await eventually('no branch to be in doubt', async () => {
    const doubts =
      'SELECT 1 FROM branches WHERE project_id = $1 AND (in_doubt_since IS NOT NULL OR deploy_due)';
    return (await nexos.column(doubts, [project.id])).length === 0 ? true : undefined;
  });
  expect(await deployed()).toEqual(commits);
  const events = await nexos.column<string>(
    `SELECT type FROM environment_events WHERE project_id = $1 AND type LIKE 'deploys%' ORDER BY seq`,
    [project.id],
  );
  expect(events).toEqual(['deploys_paused', 'deploys_resumed']);
  expect(api.malformed).toEqual([]);
}

describe('an installation of the GitHub App', () => {
  it.each(sample(pointsOf('delivery'), 3))(
    'pauses and resumes deploys once by its events after a crash at %s',
    async (point) => {
      const connected = await connect();
      const { project, id, first } = connected;
      const owner = 'acme';
      const event = (action: string, second: number) =>
        nexos.webhooks.receive(
          'installation',
          installationPayload({ id, action, owner, second: 1_000_000 + second }),
        );
      api.installations.suspend(id);
      api.lists.describe(id, { owner });
      await withWorkerDyingAt(point, () => event('suspend', 1));
      await untilPaused(connected, 'installation_suspended');
      const missed = await project.commit({ 'a.txt': randomUUID() });
      const skipped = await deliverPush(connected, missed, first, 2);
      expect(skipped).toMatchObject({ outcome: 'skipped', reason: 'installation_suspended' });
      api.installations.suspend(id, false);
      await withWorkerDyingAt(point, () => event('unsuspend', 2));
      await untilPaused(connected, null);
      await expectOneOfEach(connected, [first, missed]);
    },
  );

  it.each(pointsOf('installation'))(
    'pauses and resumes deploys once without an event after a crash at %s',
    async (point) => {
      const connected = await connect();
      const { project, id, first } = connected;
      const notice = () => withWorkerDyingAt(point, () => Promise.resolve());
      api.installations.suspend(id);
      await notice();
      await untilPaused(connected, 'installation_suspended');
      // GitHub sends no webhook meanwhile.
      const missed = await project.commit({ 'a.txt': randomUUID() });
      api.installations.suspend(id, false);
      await notice();
      await untilPaused(connected, null);
      await expectOneOfEach(connected, [first, missed]);
    },
  );
});
