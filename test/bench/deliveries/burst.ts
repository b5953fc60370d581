import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Queue } from 'bullmq';
import { isolatedGit, isolatedGitEnvironment } from '../../support/git-server/isolated-git.js';
import type { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT, type Push } from '../../support/nexos/webhook-sender.js';
import { sha } from '../pushes.js';
import { untilProcessed } from './backlog.js';
import { sendAll, signPush } from './signed-pushes.js';

const REPOSITORIES = 20;
const BRANCHES = 25;
const PUSHES = 10;
/** Two pushes of a branch have the same second, which leaves their order to the commits or to the Git host. */
const PUSHES_PER_SECOND = 2;
/** Deliveries arrive up to so many places from where they belong, so that some of a branch overtake each other. */
const DISORDER = 1_200;
/** One of so many deliveries is sent twice. */
const REPEATED = 10;

export interface BurstResult {
  readonly pushes: number;
  readonly branches: number;
  readonly duplicates: number;
  /** From the first request until the last response. */
  readonly acceptedSeconds: number;
  /** From the first request until every branch has its build. */
  readonly seconds: number;
}

/**
 * Delivers 5,000 pushes over 500 branches of repositories that exist, out of order, and some of them twice.
 *
 * @throws unless every branch ends with one queued build, of its newest commit, that no other build is of
 */
export async function burst(nexos: NexosStack, build: Queue): Promise<BurstResult> {
  const heads = new Map<string, string>();
  for (let index = 0; index < REPOSITORIES; index++) {
    const name = `app-${index}`;
    await nexos.createRepository('burst', name);
    await nexos.api.post('/projects', { name: `burst-${name}`, github_repo: `burst/${name}` });
    const branches = await commitBranches(join(nexos.home, 'git', 'burst', `${name}.git`));
    for (const [branch, commit] of branches) heads.set(`burst/${name} ${branch}`, commit);
  }
  await build.drain();
  const began = Math.floor(Date.now() / 1_000) - 3_600;
  const inOrder = pushesTo([...heads], began).map((push) => signPush(nexos, push));
  const repeated = inOrder.filter((_, index) => index % REPEATED === 0);
  const requests = disorder([...inOrder, ...repeated]);
  const startedAt = performance.now();
  const duplicates = await sendAll(nexos, requests);
  const acceptedSeconds = secondsSince(startedAt);
  await untilProcessed(nexos);
  const seconds = secondsSince(startedAt);
  if (duplicates !== repeated.length) {
    throw new Error(`${duplicates} of ${repeated.length} repeated deliveries were recognized.`);
  }
  await checkBuilds(nexos, build, heads);
  return { pushes: inOrder.length, branches: heads.size, duplicates, acceptedSeconds, seconds };
}

/** Commits to each branch of a bare repository; returns the commits by branch. */
async function commitBranches(path: string): Promise<[branch: string, commit: string][]> {
  const names = Array.from({ length: BRANCHES }, (_, index) => `branch-${index}`);
  const person = 'Nexos Bench <bench@example.com> 1700000000 +0000';
  const commits = names.map(
    (name) =>
      `commit refs/heads/${name}\nauthor ${person}\ncommitter ${person}\ndata ${name.length}\n${name}\n\n`,
  );
  const child = spawn('git', ['fast-import', '--quiet', '--done'], {
    cwd: path,
    env: isolatedGitEnvironment(path),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const closed = once(child, 'close');
  child.stdin.end(`${commits.join('')}done\n`);
  const [exitCode] = (await closed) as [number | null];
  if (exitCode !== 0) throw new Error(`git fast-import ended with ${String(exitCode)}`);
  const refs = await isolatedGit(path, ['for-each-ref', '--format=%(refname:short) %(objectname)']);
  return refs.split('\n').map((line) => line.split(' ') as [string, string]);
}

/** Returns the pushes to all branches in order. The last one of each is of the commit that the branch has. */
function pushesTo(heads: readonly [key: string, commit: string][], began: number): Push[] {
  const at = heads.map(() => NO_COMMIT);
  return Array.from({ length: PUSHES }, (_, number) =>
    heads.map(([key, head], index): Push => {
      const [repository = '', branch = ''] = key.split(' ');
      const before = at[index] ?? NO_COMMIT;
      const after = number === PUSHES - 1 ? head : sha();
      at[index] = after;
      return { repository, branch, before, after, pushedAt: began + Math.floor(number / PUSHES_PER_SECOND) };
    }),
  ).flat();
}

function disorder<T>(all: readonly T[]): T[] {
  return all
    .map((one, index) => ({ one, place: index + Math.random() * DISORDER }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

async function checkBuilds(
  nexos: NexosStack,
  build: Queue,
  heads: ReadonlyMap<string, string>,
): Promise<void> {
  const rows = await nexos.rows<{
    id: string;
    key: string;
    commit: string;
    status: string;
    isLatest: boolean;
  }>(
    `SELECT deployment.id, project.github_repo || ' ' || deployment.branch AS key, deployment.commit_sha AS commit,
       deployment.status, environment.latest_deployment_id = deployment.id AS "isLatest"
     FROM deployments deployment JOIN projects project ON project.id = deployment.project_id
       JOIN environments environment ON environment.id = deployment.environment_id
     WHERE project.github_repo LIKE 'burst/%'`,
  );
  const jobs = new Map<string, number>();
  for (const job of await build.getWaiting()) {
    const { deploymentId } = job.data as { deploymentId: string };
    jobs.set(deploymentId, (jobs.get(deploymentId) ?? 0) + 1);
  }
  for (const [key, commit] of heads) {
    const ofBranch = rows.filter((row) => row.key === key);
    const queued = ofBranch.filter(({ status }) => status === 'queued');
    const ofCommit = ofBranch.filter((row) => row.commit === commit);
    const [last] = queued;
    const isRight =
      queued.length === 1 && ofCommit.length === 1 && last === ofCommit[0] && last?.isLatest === true;
    const jobsOfLast = jobs.get(last?.id ?? '') ?? 0;
    const others = ofBranch.filter(({ status }) => !['queued', 'superseded'].includes(status));
    if (!isRight || jobsOfLast !== 1 || others.length > 0) {
      throw new Error(
        `${key} should have one queued build, of ${commit}: ${JSON.stringify({ ofBranch, jobsOfLast })}`,
      );
    }
  }
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 100) / 10;
}
