import { randomUUID } from 'node:crypto';
import { startGithubApp } from '../support/github-reports/github-app.js';
import type { TestSystem } from '../support/global-setup.js';
import { webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { NO_COMMIT, pushPayload } from '../support/nexos/webhook-sender.js';
import { median, settled, stoppedOthers, untilAnswers } from './deploy-steps.js';
import { printSpread, spread } from './spread.js';
import { ratioOf, type Row } from './table.js';

const ROUNDS = 16;
const SLOW_MS = 5_000;
const INSTALLATION = 7;

/**
 * Compares the time from a push to the first response while GitHub's API answers at once, and while each response takes
 * 5 s. Pushes of both kinds alternate. All that GitHub is told of a deployment is on: its check, deployment and comment.
 */
export async function benchSlowGithub(system: TestSystem): Promise<Row[]> {
  const { api: github, env } = await startGithubApp();
  const nexos = await NexosStack.start(system, {
    env: { ...env, LOG_LEVEL: 'info', NODE_ENV: 'production' },
  });
  try {
    const project = await TestProject.create(nexos);
    github.install(project.fullName, INSTALLATION);
    const pull = github.pullRequests.open(project.fullName, 'main');
    // The first one fetches the builder's token, which is valid for an hour.
    let before = await pushOnce(nexos, project, NO_COMMIT).then(({ sha }) => sha);
    const times = { quick: [] as number[], slow: [] as number[] };
    for (let round = 0; round < 2 * ROUNDS; round++) {
      const kind = round % 2 === 0 ? 'quick' : 'slow';
      github.delayMs = kind === 'slow' ? SLOW_MS : 0;
      const { sha, ms } = await pushOnce(nexos, project, before);
      before = sha;
      times[kind].push(ms);
    }
    if (pull.comments.length !== 1) throw new Error(`GitHub has ${pull.comments.length} comments.`);
    return print(times.quick, times.slow, github.requests.length);
  } finally {
    await nexos.stop();
    await github.stop();
  }
}

/** Pushes, and returns the commit and the milliseconds until the first response of its version. */
async function pushOnce(
  nexos: NexosStack,
  project: TestProject,
  before: string,
): Promise<{ sha: string; ms: number }> {
  const text = randomUUID();
  const sha = await project.commit(webApp(text));
  const payload = pushPayload({ repository: project.fullName, branch: 'main', before, after: sha });
  const pushed = Date.now();
  await nexos.webhooks.receive('push', { ...payload, installation: { id: INSTALLATION } });
  const { url } = await project.environment();
  const ms = (await untilAnswers(url, text)) - pushed;
  await settled(nexos);
  await stoppedOthers(nexos, project, 1);
  return { sha, ms };
}

function print(quick: readonly number[], slow: readonly number[], requests: number): Row[] {
  const difference = median(slow) - median(quick);
  const sorted = quick.toSorted((a, b) => a - b);
  const quartile = (share: number) => sorted[Math.floor(share * sorted.length)] ?? NaN;
  const noise = quartile(0.75) - quartile(0.25);
  const figures = { quick: spread(quick), slow: spread(slow), difference, noise };
  printSpread(`push → first response, GitHub answers at once, ${quick.length} pushes`, figures.quick);
  printSpread(
    `push → first response, GitHub takes ${SLOW_MS / 1_000} s, ${slow.length} pushes`,
    figures.slow,
  );
  process.stdout.write(
    `difference of the medians ${difference} ms, half of the quick ones are within ${noise} ms\n\n`,
  );
  process.stdout.write(`${JSON.stringify({ bench: 'slow-github', requests, ...figures })}\n`);
  const [bare, nexos] = [figures.quick.p50, figures.slow.p50];
  const what = 'push → first response, a slow GitHub against a quick one, p50';
  return [
    { what, bare: `${bare} ms`, nexos: `${nexos} ms`, ratio: ratioOf(nexos, bare), target: 'within noise' },
  ];
}
