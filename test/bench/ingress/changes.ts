import { type Spread, spread } from '../spread.js';
import type { BenchRoute } from './routes.js';
import { type IngressStage, LIVE, NEXT } from './stage.js';

const DEADLINE_MS = 10_000;

export interface Changes {
  /** What the ingress adds to the transaction: the routes are read, and an entry of the map changes. */
  readonly set: Spread;
  /** The transaction: two locks, the change of a row, that and the commit. */
  readonly transaction: Spread;
  /** From the beginning of that transaction to the end of the first response of the other version. */
  readonly response: Spread;
}

/** Makes another version of one environment after the other live, and then the first one again. */
export async function measureChanges(stage: IngressStage, count: number): Promise<Changes> {
  const times = { set: [] as number[], transaction: [] as number[], response: [] as number[] };
  for (let number = 0; number < count / 2; number++) {
    const route = stage.routes[Math.floor((number * stage.routes.length * 2) / count)];
    if (route === undefined) throw new Error('There are too few routes.');
    for (const version of ['next', 'live'] as const) {
      const began = performance.now();
      times.set.push(await makeLive(stage, route, version));
      times.transaction.push(performance.now() - began);
      await untilAnswers(stage, route.hostname, version === 'next' ? NEXT : LIVE);
      times.response.push(performance.now() - began);
    }
  }
  return { set: spread(times.set), transaction: spread(times.transaction), response: spread(times.response) };
}

async function untilAnswers(stage: IngressStage, hostname: string, text: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while ((await stage.visit(hostname)).body !== text) {
    if (performance.now() > deadline) throw new Error(`${hostname} did not answer ${text}.`);
  }
}

/** Changes a route as a rollout does, and returns the milliseconds of the change of the ingress. */
async function makeLive(
  { writers }: IngressStage,
  { environmentId, hostname, ...versions }: BenchRoute,
  version: 'live' | 'next',
): Promise<number> {
  let began = 0;
  await writers.routes.whileChanging({ id: environmentId, hostname }, async ({ manager }) => {
    const sql = 'UPDATE environments SET live_deployment_id = $1 WHERE id = $2';
    await manager.query(sql, [versions[version], environmentId]);
    began = performance.now();
    return true;
  });
  return writers.map.changedAt - began;
}
