import { Queue } from 'bullmq';
import type { TestSystem } from '../support/global-setup.js';
import type { AppProcess } from '../support/nexos/app-process.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { bareJobsPerSecond } from './deliveries/bare-jobs.js';
import { Branches, drainBacklog, untilProcessed } from './deliveries/backlog.js';
import { burst, type BurstResult } from './deliveries/burst.js';
import { sendAll, signPush } from './deliveries/signed-pushes.js';
import { until } from './pushes.js';
import type { Row } from './table.js';

const PROCESSES = [1, 2, 4] as const;
/** Each number of processes is measured this often, up and down. */
const ROUNDS = 2;
const REPOSITORIES = 20;
const BRANCHES = 25;

interface Rates {
  readonly bare: number;
  readonly accepted: number;
  readonly queued: number;
}

/**
 * Measures how many deliveries per second become queued builds with several `integrations` processes, against jobs that do
 * nothing, and that a burst of pushes ends with the newest commit of each branch, once. Nothing is built.
 */
export async function benchDeliveries(system: TestSystem): Promise<Row[]> {
  const nexos = await NexosStack.start(system, {
    apps: ['api', 'integrations'],
    env: {
      RATE_LIMIT_PER_MINUTE: '1000000',
      LOG_LEVEL: 'info',
      NODE_ENV: 'production',
      SWEEP_MS: '5000',
      QUEUE_LOCK_MS: '30000',
      QUEUE_STALLED_MS: '30000',
    },
  });
  const connection = { url: nexos.env.REDIS_URL ?? '' };
  const queue = (name: string) => new Queue(name, { connection, prefix: nexos.instance });
  const queues = { deliveries: queue('deliveries'), build: queue('build'), bare: queue('bare') };
  const workers: AppProcess[] = [];
  const run = async (count: number) => {
    while (workers.length < count - 1) {
      const worker = nexos.secondProcess('integrations', {}, workers.length + 2);
      workers.push(worker);
      worker.start();
    }
    for (const worker of workers.splice(count - 1)) await worker.stop('SIGTERM');
    await until(async () => (await queues.deliveries.getWorkersCount()) === count);
  };
  try {
    const repositories = Array.from({ length: REPOSITORIES }, (_, index) => `bench/app-${index}`);
    for (const repository of repositories) {
      await nexos.api.post('/projects', { name: repository, github_repo: repository });
    }
    const branches = Branches.of(repositories, BRANCHES);
    await sendAll(
      nexos,
      branches.next().map((push) => signPush(nexos, push)),
    );
    await untilProcessed(nexos);
    await drainBacklog(nexos, queues, branches);
    const rates = new Map<number, Rates[]>(PROCESSES.map((count) => [count, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const count of round % 2 === 0 ? PROCESSES : PROCESSES.toReversed()) {
        await run(count);
        const bare = await bareJobsPerSecond(nexos, queues.bare, count);
        const round = { bare, ...(await drainBacklog(nexos, queues, branches)) };
        rates.get(count)?.push(round);
        printRates(count, [round]);
      }
    }
    await run(Math.max(...PROCESSES));
    const ended = await burst(nexos, queues.build);
    return print(rates, ended);
  } finally {
    await Promise.all(Object.values(queues).map((one) => one.close()));
    await Promise.all(workers.map((worker) => worker.stop('SIGTERM')));
    await nexos.stop();
  }
}

function print(rates: ReadonlyMap<number, readonly Rates[]>, ended: BurstResult): Row[] {
  process.stdout.write(`The means\n\n`);
  const figures = [...rates].map(([processes, all]) => printRates(processes, all));
  process.stdout.write(
    `${ended.pushes} pushes over ${ended.branches} branches, ${ended.duplicates} of them delivered twice\n` +
      `  accepted in ${ended.acceptedSeconds} s, the newest commit of each branch queued once after ${ended.seconds} s\n\n`,
  );
  process.stdout.write(`${JSON.stringify({ bench: 'deliveries', figures, burst: ended })}\n`);
  return figures.map(({ processes, bare, queued, ratio }) => ({
    what: `pushes → queued builds, ${processes} integrations`,
    bare: `${bare} /s`,
    nexos: `${queued} /s`,
    ratio,
    target: null,
  }));
}

function printRates(processes: number, all: readonly Rates[]) {
  const mean = (field: keyof Rates) => Math.round(all.reduce((sum, one) => sum + one[field], 0) / all.length);
  const [bare, accepted, queued] = [mean('bare'), mean('accepted'), mean('queued')];
  const ratio = Math.round((queued / bare) * 1_000) / 1_000;
  process.stdout.write(
    `${processes} integrations\n` +
      `  bare jobs ${bare} /s   accepted ${accepted} /s   queued builds ${queued} /s   ratio ${ratio}\n\n`,
  );
  return { processes, bare, accepted, queued, ratio };
}
