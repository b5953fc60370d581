import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { INTEGRATIONS_FAULT_POINTS, type IntegrationsFaultPoint } from '@nexos/config';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { GithubApi } from '../support/github-api/github-api.js';
import { toldOf } from '../support/github-reports/told.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { NO_COMMIT, pushPayload } from '../support/nexos/webhook-sender.js';

const APP_ID = '4242';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const sha = (number: number) => number.toString(16).padStart(40, '0');
const NOW = Math.floor(Date.now() / 1000) - 3_600;
const KINDS = ['checks', 'deployments', 'comments'] as const;
type Kind = (typeof KINDS)[number];

/** Each point with all reports, and those between GitHub and the database with each kind of report alone. */
const CASES = INTEGRATIONS_FAULT_POINTS.filter((point) => point.startsWith('report.')).flatMap(
  (point): [IntegrationsFaultPoint, readonly Kind[]][] =>
    point === 'report.sent' || point === 'report.kept'
      ? KINDS.map((kind) => [point, [kind]])
      : [[point, KINDS]],
);

let api: GithubApi;
let nexos: NexosStack;
let installations = 100;
beforeAll(async () => {
  api = await GithubApi.start({ id: APP_ID, publicKey });
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api', 'integrations'],
    env: {
      SWEEP_MS: '300',
      QUEUE_LOCK_MS: '1000',
      QUEUE_STALLED_MS: '500',
      NOTIFY_TIMEOUT_MS: '1000',
      NOTIFY_RETRY_MS: '100',
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

/** Creates a project whose repository has the App and a pull request. */
async function createProject(kinds: readonly Kind[]) {
  const isOn = (kind: Kind) => kinds.includes(kind);
  const github = { checks: isOn('checks'), deployments: isOn('deployments'), comments: isOn('comments') };
  const project = await TestProject.create(nexos, { github });
  const installation = ++installations;
  api.install(project.fullName, installation);
  return { project, installation, pull: api.pullRequests.open(project.fullName, 'main') };
}

/** Has a push accepted. */
async function accept({ fullName: repository }: TestProject, installation: number, number: number) {
  const before = number === 1 ? NO_COMMIT : sha(number - 1);
  const push = { repository, branch: 'main', before, after: sha(number), pushedAt: NOW + number };
  const payload = { ...pushPayload(push), installation: { id: installation } };
  await nexos.webhooks.receive('push', payload, { id: randomUUID() });
}

/** Waits until the pushes are processed, and GitHub knows all. */
async function untilTold({ id }: TestProject, pushes: number): Promise<void> {
  const left = `SELECT 1 FROM deployment_events WHERE project_id = $1 AND passed_on_at IS NULL
    UNION ALL SELECT 1 FROM environment_events WHERE project_id = $1 AND passed_on_at IS NULL
    UNION ALL SELECT 1 FROM github_reports WHERE project_id = $1 AND told_version < version`;
  await eventually('GitHub to know all', async () => {
    const deployments = await nexos.column('SELECT 1 FROM deployments WHERE project_id = $1', [id]);
    if (deployments.length < pushes) return undefined;
    return (await nexos.column(left, [id])).length === 0 ? true : undefined;
  });
}

describe('reports to GitHub', () => {
  it.each(CASES)('are neither lost nor made twice after a crash at %s (%j)', async (point, kinds) => {
    const { project, installation, pull } = await createProject(kinds);
    await nexos.app('integrations').stop('SIGTERM');
    const worker = nexos.secondProcess('integrations', { NEXOS_FAULT_POINT: point });
    try {
      worker.start();
      await accept(project, installation, 1);
      expect(await worker.waitForExit(), point).toBe('SIGKILL');
    } finally {
      await worker.stop('SIGKILL');
      nexos.app('integrations').start();
    }
    await untilTold(project, 1);
    await accept(project, installation, 2);
    await untilTold(project, 2);
    const isOn = (kind: Kind) => kinds.includes(kind);
    expect(toldOf(api, project.fullName)).toEqual({
      checks: isOn('checks') ? [['Queued', 'Superseded by a newer deployment'], ['Queued']] : [],
      deployments: isOn('deployments') ? [['Queued', 'Superseded by a newer deployment'], ['Queued']] : [],
    });
    expect(pull.comments).toHaveLength(isOn('comments') ? 1 : 0);
    if (isOn('comments')) expect(pull.comments[0]?.bodies.at(-1)).toContain(`/commit/${sha(2)}`);
    expect(api.malformed).toEqual([]);
  });

  it('are made although Redis is wiped before a worker sees their jobs', async () => {
    const { project, installation, pull } = await createProject(KINDS);
    await accept(project, installation, 1);
    await nexos.wipeRedis();
    await untilTold(project, 1);
    expect(toldOf(api, project.fullName)).toEqual({ checks: [['Queued']], deployments: [['Queued']] });
    expect(pull.comments).toHaveLength(1);
  });

  it('keep no push waiting while GitHub does not answer', async () => {
    const slow = await createProject(KINDS);
    api.failWhen((request) => (request.includes('/app/') ? { kind: 'timeout', isApplied: false } : null));
    for (let number = 1; number <= 5; number++) await accept(slow.project, slow.installation, number);
    const quick = await createProject(KINDS);
    await accept(quick.project, quick.installation, 1);
    await eventually('the pushes to be processed', async () => {
      const ids = [slow.project.id, quick.project.id];
      const left = await nexos.column(
        `SELECT 1 FROM deployment_events WHERE project_id = ANY($1) AND passed_on_at IS NULL`,
        [ids],
      );
      const made = await nexos.column('SELECT 1 FROM deployments WHERE project_id = ANY($1)', [ids]);
      return made.length === 6 && left.length === 0 ? true : undefined;
    });
    expect(toldOf(api, quick.project.fullName).checks).toEqual([]);
    api.failWhen(null);
    await untilTold(quick.project, 1);
    expect(toldOf(api, quick.project.fullName).checks).toEqual([['Queued']]);
  });
});
