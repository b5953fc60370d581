import { Logger } from '@nestjs/common';
import type { TestSystem } from '../support/global-setup.js';
import { type Changes, measureChanges } from './ingress/changes.js';
import { measureReady } from './ingress/ready.js';
import { startStage } from './ingress/stage.js';
import { type Comparison, compareThroughput } from './ingress/throughput.js';
import { load } from './load.js';
import { printSpread, type Spread } from './spread.js';
import type { Row } from './table.js';

const SIZE = { routes: 2_000, projects: 300, pairs: 6 };
const RESTARTS = 7;
const CHANGES = 1_000;
/** Requests per second. */
const STEADY = 1_000;

const SCENE = `${SIZE.routes} routes of ${SIZE.projects} projects
  real       HAProxy, Postgres with all routes, the bridges of all projects, and ${2 * SIZE.pairs} containers on ${SIZE.pairs} of them; of the
             lifecycle worker the restorer, of the agent the tracker and the publisher, in one process with the visitor
  simulated  the engine's lists of ${2 * SIZE.routes} services and containers, two for each route, which have the addresses of the ${2 * SIZE.pairs}

`;

/** Measures when the ingress is ready after a start, how long a change of a route takes, and how many requests pass. */
export async function benchIngress(system: TestSystem): Promise<Row[]> {
  // The writers would warn of each restart.
  Logger.overrideLogger(['error']);
  process.stdout.write(SCENE);
  const stage = await startStage(system, SIZE);
  try {
    const ready = await measureReady(stage, RESTARTS);
    printSpread(
      `start of HAProxy's process → the last route answers 200, ${RESTARTS} restarts (target: 1000 ms)`,
      ready,
    );
    const idle = await measureChanges(stage, CHANGES);
    printChanges('without other requests', idle);
    const requests = load({
      ...{ url: `http://127.0.0.1:${stage.port}/`, connections: 50, seconds: 15, ratePerSecond: STEADY },
      setupClient: (client) =>
        client.setRequests([
          { method: 'GET', path: '/', headers: { host: stage.routes[1]?.hostname ?? '' } },
        ]),
    });
    const [busy] = await Promise.all([measureChanges(stage, CHANGES), requests]);
    printChanges(`beside ${STEADY} requests per second`, busy);
    const throughput = await compareThroughput(stage);
    printThroughput(throughput);
    const figures = { ready, changes: { idle, busy }, throughput };
    process.stdout.write(`${JSON.stringify({ bench: 'ingress', ...SIZE, ...figures })}\n`);
    return [
      timeRow('start of HAProxy → the last of 2,000 routes, p99', ready, '≤ 1000 ms'),
      timeRow('change of a route with its transaction, p99', idle.transaction, '≤ 20 ms'),
      timeRow(`the same beside ${STEADY} requests/s, p99`, busy.transaction, '≤ 20 ms'),
      throughputRow('a static HAProxy', throughput.ingress.rate, throughput.static, '≥ 0.9'),
      throughputRow(
        'one that closes connections too',
        throughput.ingress.rate,
        throughput.staticClosing,
        null,
      ),
    ];
  } finally {
    await stage.stop();
  }
}

function timeRow(what: string, { p99 }: Spread, target: string): Row {
  return { what, bare: null, nexos: `${p99} ms`, ratio: null, target };
}

function throughputRow(
  other: string,
  own: number,
  { rate, ratio }: Comparison['static'],
  target: string | null,
): Row {
  const what = `requests to one container, against ${other}`;
  return { what, bare: `${rate} /s`, nexos: `${own} /s`, ratio, target };
}

function printChanges(circumstances: string, { set, transaction, response }: Changes): void {
  printSpread(`change of the ingress, ${CHANGES} changes ${circumstances} (target: p99 20 ms)`, set);
  printSpread('  with its transaction: locks, the live version, set, commit', transaction);
  printSpread('  until the first response of the other version has ended', response);
}

function printThroughput(throughput: Comparison): void {
  process.stdout.write('requests to one container (target: 0.9 of static)\n');
  for (const [name, { rate, p99, cpu, ratio }] of Object.entries(throughput)) {
    process.stdout.write(
      `  ${name.padEnd(14)} ${String(rate).padStart(6)} req/s   p99 ${p99} ms   ${cpu} µs of HAProxy's CPU each   ingress / this ${ratio}\n`,
    );
  }
  process.stdout.write('\n');
}
