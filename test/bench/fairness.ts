import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { BuilderWithoutEngine } from '../support/builder-without-engine.js';
import { TestDatabase } from '../support/database.js';
import type { TestSystem } from '../support/global-setup.js';
import { queueBuilds } from '../support/waiting-builds.js';
import { until } from './pushes.js';
import { type Spread, spread } from './spread.js';

const ACCOUNTS = [1, 20] as const;
const QUEUED = 200;
/** Accounts that queue their first build one after another while the others wait. */
const NEWCOMERS = 20;
const BUILD_MS = 50;
/** The slot is busy when an account queues its first build. */
const RUNNING = 1;
/** Builds before the first newcomer. */
const WARM_UP = 20;

/** What accounts with a first build meet, behind accounts that have queued many. */
export interface Fairness {
  /** Accounts that have queued 200 builds each. */
  readonly accounts: number;
  /** Builds that end between the queueing of a first build and its start, at most; one was running. */
  readonly delayedBy: number;
  /** Builds that a queue in the order of arrival would finish before it. */
  readonly inOrder: number;
  /** Milliseconds from queueing until the start; a simulated build takes 50. */
  readonly wait: Spread;
  /** Milliseconds of a claim. */
  readonly claim: Spread;
}

/**
 * Measures by how many builds the first build of an account is delayed while others have queued 200 each, with one build slot. The
 * queue, its jobs, the database and the claims are real, and builds are simulated.
 */
export async function measureFairness(system: TestSystem): Promise<Fairness[]> {
  // The handler would log each build.
  Logger.overrideLogger(['error']);
  const figures: Fairness[] = [];
  for (const accounts of ACCOUNTS) {
    const database = await TestDatabase.create(system);
    try {
      figures.push(await measure(database, system.env.REDIS_URL ?? '', accounts));
    } finally {
      await database.drop();
    }
  }
  return figures;
}

async function measure(database: TestDatabase, redisUrl: string, accounts: number): Promise<Fairness> {
  const waiting: string[] = [];
  for (let account = 0; account < accounts; account++) {
    waiting.push(...(await queueBuilds(database, QUEUED)).deploymentIds);
  }
  await database.dataSource.query('ANALYZE');
  const build = async () => {
    await wait(BUILD_MS);
  };
  const builder = await BuilderWithoutEngine.start(database, { redisUrl, concurrency: 1, build });
  try {
    await builder.enqueue(waiting);
    await until(() => Promise.resolve(builder.begun.length >= WARM_UP));
    const delays: number[] = [];
    const times: number[] = [];
    let inOrder = 0;
    for (let newcomer = 0; newcomer < NEWCOMERS; newcomer++) {
      const { deploymentIds } = await queueBuilds(database, 1);
      const [before, at] = [builder.begun.length, performance.now()];
      inOrder = Math.max(inOrder, waiting.length + newcomer - before + RUNNING);
      await builder.enqueue(deploymentIds);
      await until(() => Promise.resolve(builder.begun.includes(deploymentIds[0] ?? '')));
      times.push(performance.now() - at);
      delays.push(builder.begun.indexOf(deploymentIds[0] ?? '') - before + RUNNING);
    }
    const claim = spread(builder.claimTimes);
    return { accounts, delayedBy: Math.max(...delays), inOrder, wait: spread(times), claim };
  } finally {
    // The others need not be built.
    await database.dataSource.query(`UPDATE deployments SET status = 'cancelled' WHERE status = 'queued'`);
    await builder.stop();
  }
}

/** Prints the figures for people. */
export function printFairness(figures: readonly Fairness[]): void {
  process.stdout.write(
    `first builds of ${NEWCOMERS} accounts, one build slot, simulated builds of ${BUILD_MS} ms (target: delayed by 1 build)\n`,
  );
  for (const { accounts, delayedBy, inOrder, wait: waited, claim } of figures) {
    process.stdout.write(
      `  behind ${String(accounts).padStart(2)} with ${QUEUED} builds each   delayed by ${delayedBy}   in order of arrival ${inOrder}   ` +
        `p50 ${waited.p50} ms   max ${waited.max} ms   claim p50 ${claim.p50} ms   p99 ${claim.p99} ms\n`,
    );
  }
  process.stdout.write('\n');
}
