import type { TestSystem } from '../support/global-setup.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { appsOf, deliver, makeProjects, sha, until } from './pushes.js';
import { printSpread, spread } from './spread.js';
import type { Row } from './table.js';

const REPOSITORIES = 20;
const PUSHES = 200;

/**
 * Measures the time until each push's build is claimed: from the delivery's row (both times are Postgres' own), and
 * from sending it, which includes the work before the response.
 */
export async function benchPush(system: TestSystem): Promise<Row[]> {
  const nexos = await NexosStack.start(system, {
    apps: appsOf('api', 'integrations', 'builder'),
    // Builds are not held back for a newer push, and fail immediately because the repositories do not exist.
    env: { LOG_LEVEL: 'info', NODE_ENV: 'production', SUPERSEDE_AFTER_MS: '0', SWEEP_MS: '5000' },
  });
  try {
    const repositories = Array.from({ length: REPOSITORIES }, (_, i) => `bench/push-${i}`);
    const began = Math.floor(Date.now() / 1000) - 3_600;
    await makeProjects(nexos, repositories, began);
    const ended = `SELECT count(*)::integer FROM deployments WHERE status NOT IN ('failed', 'superseded')`;
    const idle = () => until(async () => (await nexos.column<number>(ended))[0] === 0);
    await idle();
    const fromReceipt: number[] = [];
    const fromSending: number[] = [];
    for (let push = 0; push < PUSHES; push++) {
      const after = sha();
      const repository = repositories[push % REPOSITORIES] ?? '';
      const sentAt = Date.now();
      await deliver(nexos, { repository, branch: 'main', before: sha(), after, pushedAt: began + push + 1 });
      await until(async () => (await claimOf(nexos, after)) !== undefined);
      const claim = await claimOf(nexos, after);
      fromReceipt.push(claim?.afterReceiptMs ?? NaN);
      fromSending.push((claim?.at ?? NaN) - sentAt);
      await idle();
    }
    const figures = { receipt: spread(fromReceipt), sending: spread(fromSending) };
    printSpread(`delivery received → build claimed, ${PUSHES} pushes`, figures.receipt);
    printSpread(`delivery sent → build claimed, ${PUSHES} pushes`, figures.sending);
    process.stdout.write(`${JSON.stringify({ bench: 'push', pushes: PUSHES, ...figures })}\n`);
    const { p50, p99 } = figures.receipt;
    const what = 'delivery received → build claimed, p50 and p99';
    return [{ what, bare: null, nexos: `${p50} and ${p99} ms`, ratio: null, target: null }];
  } finally {
    await nexos.stop();
  }
}

/** Returns when the commit's build was claimed, and how long after the newest delivery; undefined before the claim. */
async function claimOf(
  nexos: NexosStack,
  commit: string,
): Promise<{ at: number; afterReceiptMs: number } | undefined> {
  const [claim] = await nexos.column<{ at: number; afterReceiptMs: number }>(
    `SELECT jsonb_build_object(
       'at', extract(epoch FROM started_at) * 1000,
       'afterReceiptMs', extract(epoch FROM started_at - (SELECT max(received_at) FROM webhook_deliveries)) * 1000)
     FROM deployments WHERE commit_sha = $1 AND started_at IS NOT NULL`,
    [commit],
  );
  return claim;
}
