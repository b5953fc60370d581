import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { CALLS, isCall } from '../support/github-api/calls.js';
import { canTakeEffect, FAULT_KINDS, type FaultKind, type FaultRule } from '../support/github-api/faults.js';
import type { GithubApi } from '../support/github-api/github-api.js';
import { startGithubApp, untilTold } from '../support/github-reports/github-app.js';
import { statusesIn, toldOf } from '../support/github-reports/told.js';
import { webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';
import { NO_COMMIT, pushPayload } from '../support/nexos/webhook-sender.js';

const STATES = ['Queued', 'Building', 'Deploying', 'Live'];

let api: GithubApi;
let nexos: NexosStack;
let installations = 100;
/** The faults of the tests, which run side by side. */
const rules = new Set<FaultRule>();
beforeAll(async () => {
  const github = await startGithubApp();
  api = github.api;
  api.failWhen((...request) => {
    for (const rule of rules) {
      const fault = rule(...request);
      if (fault !== null) return fault;
    }
    return null;
  });
  nexos = await NexosStack.start(inject('system'), {
    env: {
      SWEEP_MS: '500',
      NOTIFY_TIMEOUT_MS: '1000',
      NOTIFY_RETRY_MS: '100',
      REGISTRY_RETRY_MS: '100',
      ...github.env,
    },
  });
});
afterAll(async () => {
  await nexos.stop();
  await api.stop();
});

/** Has the first request of each call about a project fail; a token's call counts once for each permission. */
function failEachCallOnce(repository: string, installation: number, kind: FaultKind): void {
  const failed = new Set<string>();
  rules.add((request, _index, body) => {
    const isOurs = request.includes(`/${repository}/`) || request.includes(`/installations/${installation}/`);
    const call = Object.keys(CALLS).find((one) => isCall(request, one));
    if (!isOurs || call === undefined) return null;
    // GitHub means it when it says that the App is not installed: the repository may be public.
    if (kind === '404' && /\/(installation|access_tokens)$/.test(call)) return null;
    const key = `${call} ${JSON.stringify((Object(body) as { permissions?: unknown }).permissions)}`;
    if (failed.has(key)) return null;
    // Three refusals in a row are final; a busy worker tells all states at once, so that none follows.
    if (kind === '404' && [...failed].filter((one) => reportOf(one) === reportOf(call)).length >= 2)
      return null;
    failed.add(key);
    return { kind, isApplied: canTakeEffect(kind) };
  });
}

/** Returns the kind of report that a call belongs to; a token's belongs to none of them. */
function reportOf(call: string): string | undefined {
  return /check-runs|\/deployments|\/pulls|\/comments/.exec(call)?.[0].replace('/pulls', '/comments');
}

async function createProject(kind: FaultKind) {
  const project = await TestProject.create(nexos);
  const installation = ++installations;
  api.install(project.fullName, installation);
  failEachCallOnce(project.fullName, installation, kind);
  return { project, installation };
}

async function becomesLive(project: TestProject, sha: string, text: string): Promise<void> {
  const { id, url } = await project.environment();
  expect(await nexos.api.waitForDeployment(id, sha)).toMatchObject({ status: 'live', failure: null });
  expect(await visit(url)).toMatchObject({ status: 200, body: text });
}

/** Returns those of all states that were told, in the order in which they are reached. */
const inOrder = (told: readonly string[]) => STATES.filter((state) => told.includes(state));

describe('a push', () => {
  it.concurrent.each(FAULT_KINDS)(
    'becomes live and is told to GitHub once, although each call fails once: %s',
    async (kind) => {
      const { project, installation } = await createProject(kind);
      const pull = api.pullRequests.open(project.fullName, 'main');
      const sha = await project.commit(webApp(kind));
      const push = { repository: project.fullName, branch: 'main', before: NO_COMMIT, after: sha };
      await nexos.webhooks.deliver('push', {
        ...pushPayload(push),
        installation: { id: installation },
      });
      await becomesLive(project, sha, kind);
      await untilTold(nexos, project, 1);
      const told = toldOf(api, project.fullName);
      const [comment, ...others] = pull.comments;
      const statuses = statusesIn(comment?.bodies ?? []);
      for (const states of [...told.checks, ...told.deployments, statuses]) {
        expect(states).toEqual(inOrder(states));
        expect(states.at(-1)).toBe('Live');
      }
      expect([told.checks.length, told.deployments.length, others.length]).toEqual([1, 1, 0]);
      expect(api.malformed).toEqual([]);
    },
  );

  it.concurrent.each(FAULT_KINDS)(
    'becomes live although its installation has to be looked up, and that fails once: %s',
    async (kind) => {
      const { project } = await createProject(kind);
      const sha = await project.commit(webApp(kind));
      const push = { repository: project.fullName, branch: 'main', before: NO_COMMIT, after: sha };
      const payload = pushPayload(push);
      delete payload.installation;
      await nexos.webhooks.deliver('push', payload);
      await becomesLive(project, sha, kind);
    },
  );
});
