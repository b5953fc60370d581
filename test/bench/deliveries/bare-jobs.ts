import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Queue } from 'bullmq';
import type { NexosStack } from '../../support/nexos/nexos-stack.js';
import { until } from '../pushes.js';

const WORKER = fileURLToPath(new URL('../bare-worker.mjs', import.meta.url));
const JOBS = 10_000;
/** As many jobs as one `integrations` process handles concurrently. */
const CONCURRENCY = 4;

/** Returns how many jobs that do nothing a number of processes complete per second. The queue is empty before and after. */
export async function bareJobsPerSecond(nexos: NexosStack, queue: Queue, processes: number): Promise<number> {
  const workers = Array.from({ length: processes }, () => startWorker(nexos, queue.name));
  try {
    await Promise.all(workers.map(untilReady));
    await queue.pause();
    const job = { name: 'nothing', data: { repository: 'bench/app' }, opts: { removeOnComplete: true } };
    await queue.addBulk(Array.from({ length: JOBS }, () => job));
    const began = performance.now();
    await queue.resume();
    await until(async () => (await queue.getJobCountByTypes('waiting', 'active')) === 0);
    return JOBS / ((performance.now() - began) / 1_000);
  } finally {
    await Promise.all(workers.map(end));
  }
}

function startWorker({ env }: NexosStack, queue: string): ChildProcess {
  const { REDIS_URL, REDIS_PREFIX } = env;
  return fork(WORKER, {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      REDIS_URL,
      REDIS_PREFIX,
      QUEUE: queue,
      CONCURRENCY: String(CONCURRENCY),
    },
  });
}

async function untilReady(worker: ChildProcess): Promise<void> {
  await Promise.race([
    once(worker, 'message'),
    once(worker, 'exit').then(([code]) => Promise.reject(new Error(`a bare worker exited with ${code}`))),
  ]);
}

async function end(worker: ChildProcess): Promise<void> {
  const exited = once(worker, 'exit');
  worker.kill('SIGTERM');
  await exited;
}
