import { inspect } from 'node:util';
import { compile } from '../../docker/local/compile.js';
import { readOptions } from '../../docker/local/options.js';
import { setup } from '../../docker/local/setup.js';
import { createTemplate } from '../support/database-template.js';
import type { TestSystem } from '../support/global-setup.js';
import { benchApi } from './api-bench.js';
import { benchDeliveries } from './deliveries-bench.js';
import { benchDeploy } from './deploy-bench.js';
import { benchDoubts } from './doubts-bench.js';
import { benchIngress } from './ingress-bench.js';
import { benchIsolation } from './isolation-bench.js';
import { benchLogs } from './logs-bench.js';
import { benchMemory } from './memory-bench.js';
import { benchOneKey } from './one-key-bench.js';
import { benchPush } from './push-bench.js';
import { benchQuota } from './quota-bench.js';
import { benchSlowGithub } from './slow-github-bench.js';
import { printTable, type Row } from './table.js';

const USAGE = `Compares Nexos with the same work without it, on this machine.

  npm run bench             everything below, which takes about half an hour, and one table at its end

  npm run bench -- api      reads of a deployment and push webhooks, against bare Fastify routes on the same Postgres
  npm run bench -- push     from an accepted push webhook to the claim of its build, 200 times
  npm run bench -- doubts   pushes to repositories with branches in doubt that answer 404, against others
  npm run bench -- deliveries  from accepted pushes to queued builds with 1, 2 and 4 integrations processes, against
                            BullMQ jobs that do nothing, and a burst of 5,000 pushes over 500 branches
  npm run bench -- deploy   from a push, also of an app with three containers, and from a resume, to the first response,
                            against docker build, docker service create and docker service scale on the same engine
  npm run bench -- ingress  2,000 routes: ready after a start, changes of a route, and throughput against a static HAProxy
  npm run bench -- isolation  from a push to the first response with isolated builds, against builds on the engine of the
                            machine
  npm run bench -- logs     fifty watchers of a build that prints 200,000 lines, against docker build piped to one reader
  npm run bench -- slow-github  from a push to the first response, while GitHub's API takes 5 s per response and while
                            it does not
  npm run bench -- quota    admissions of projects per second against a bare counter row, the time of a computation of the
                            usage, and by how many builds the first build of an account is delayed behind 1 and 20 accounts
                            that have queued 200 builds each
  npm run bench -- one-key  requests of an account, and the API's memory, beside another account's key that does as much as its
                            rate limit allows: streams, waits, exports, large bodies, and clients that do not read
  npm run bench -- memory   time to ready and memory of each app, against a bare Nest process with typeorm, bullmq and pg

Compare the ratios; the figures depend on the machine. The last line of each is JSON.
`;
const BENCHES = new Map<string, (system: TestSystem) => Promise<Row[]>>(
  Object.entries({
    api: benchApi,
    deliveries: benchDeliveries,
    deploy: benchDeploy,
    doubts: benchDoubts,
    ingress: benchIngress,
    isolation: benchIsolation,
    logs: benchLogs,
    memory: benchMemory,
    'one-key': benchOneKey,
    push: benchPush,
    quota: benchQuota,
    'slow-github': benchSlowGithub,
  }),
);

/** `npm run bench`: runs one benchmark, or all of them. */
export async function main([name = '', ...args]: string[]): Promise<number> {
  const bench = BENCHES.get(name);
  readOptions(USAGE, bench === undefined && name !== '' ? [name, ...args] : args, {});
  const chosen = bench === undefined ? BENCHES : new Map([[name, bench]]);
  const { home, env, images } = await setup();
  await compile();
  const { template, remove } = await createTemplate(home, env);
  const failed: string[] = [];
  try {
    const rows = await runAll(chosen, { home, env, images, template }, failed);
    if (chosen.size > 1) printTable(rows);
  } finally {
    await remove();
  }
  if (failed.length > 0) process.stderr.write(`These did not end: ${failed.join(', ')}. See above.\n`);
  return failed.length === 0 ? 0 : 1;
}

/** Runs benchmarks one after the other, also after one has failed. @param failed gets the names of those that fail */
async function runAll(chosen: typeof BENCHES, system: TestSystem, failed: string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, bench] of chosen) {
    if (chosen.size > 1) process.stdout.write(`\n── ${name} ──\n\n`);
    try {
      rows.push(...(await bench(system)));
    } catch (error) {
      process.stderr.write(`${name}: ${inspect(error)}\n`);
      failed.push(name);
    }
  }
  return rows;
}
