import type { TestSystem } from '../support/global-setup.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { appsOf, deliver, makeProjects, sha, until } from './pushes.js';

const REPOSITORIES = 20;
const PUSHES = 200;

/** From an accepted delivery to the claim of its build, push by push. Both times are Postgres's own. */
export async function benchPush(system: TestSystem): Promise<void> {
  const nexos = await NexosStack.start(system, {
    apps: appsOf('api', 'integrations', 'builder'),
    // A build that begins is not held back for a newer push; it fails at once, for there is no such repository.
    env: { LOG_LEVEL: 'info', NODE_ENV: 'production', SUPERSEDE_AFTER_MS: '0', SWEEP_MS: '5000' },
  });
  try {
    const repositories = Array.from({ length: REPOSITORIES }, (_, i) => `bench/push-${i}`);
    const began = Math.floor(Date.now() / 1000) - 3_600;
    await makeProjects(nexos, repositories, began);
    const ended = `SELECT count(*)::integer FROM deployments WHERE status NOT IN ('failed', 'superseded')`;
    const idle = () => until(async () => (await nexos.column<number>(ended))[0] === 0);
    await idle();
    const times: number[] = [];
    for (let push = 0; push < PUSHES; push++) {
      const after = sha();
      const repository = repositories[push % REPOSITORIES] ?? '';
      await deliver(nexos, { repository, branch: 'main', before: sha(), after, pushedAt: began + push + 1 });
      await until(async () => (await claimOf(nexos, after)) !== undefined);
      times.push((await claimOf(nexos, after)) ?? NaN);
      await idle();
    }
    const sorted = times.sort((a, b) => a - b);
    const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? NaN) * 10) / 10;
    const figures = { p50: at(0.5), p99: at(0.99), max: at(1) };
    process.stdout.write(
      `delivery accepted → build claimed, ${PUSHES} pushes\n  p50 ${figures.p50} ms   p99 ${figures.p99} ms   max ${figures.max} ms\n\n`,
    );
    process.stdout.write(`${JSON.stringify({ bench: 'push', pushes: PUSHES, ...figures })}\n`);
  } finally {
    await nexos.stop();
  }
}

/** Milliseconds from the receipt of the newest delivery to the claim of that commit's build; undefined before that. */
async function claimOf(nexos: NexosStack, commit: string): Promise<number | undefined> {
  const [ms] = await nexos.column<number>(
    `SELECT (extract(epoch FROM started_at - (SELECT max(received_at) FROM webhook_deliveries)) * 1000)::float8
     FROM deployments WHERE commit_sha = $1 AND started_at IS NOT NULL`,
    [commit],
  );
  return ms;
}
