import { anyPort } from '../../support/any-port.js';
import { load } from '../load.js';
import type { IngressStage } from './stage.js';

const CONNECTIONS = 50;
const SECONDS = 3;
const ROUNDS = 7;

/** Medians of all rounds. */
interface Throughput {
  /** Responses per second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Microseconds of HAProxy's CPU time for each response. */
  readonly cpu: number;
  /** The ingress's rate divided by this one, in the same round. */
  readonly ratio: number;
}

export interface Comparison {
  readonly ingress: Throughput;
  /** HAProxy with a static backend and its defaults, which keep connections to apps open for all clients. */
  readonly static: Throughput;
  /** The same with a new connection to the app for each request, as the ingress makes. */
  readonly staticClosing: Throughput;
}

/** Loads the ingress and two static HAProxys in turn; all pass requests on to the same container. */
export async function compareThroughput(stage: IngressStage): Promise<Comparison> {
  const { containers, app, routes } = stage;
  const [port, closingPort] = [await anyPort(), await anyPort()];
  const subjects = {
    ingress: { port: stage.port, id: stage.ingress.id },
    static: { port, id: await containers.startStatic(port, app, false) },
    staticClosing: { port: closingPort, id: await containers.startStatic(closingPort, app, true) },
  };
  const host = routes[0]?.hostname ?? '';
  const names = ['ingress', 'static', 'staticClosing'] as const;
  const rounds = { ingress: [], static: [], staticClosing: [] } as Record<keyof Comparison, Throughput[]>;
  for (let round = 0; round <= ROUNDS; round++) {
    const results = new Map<keyof Comparison, Omit<Throughput, 'ratio'>>();
    // Another order in each round, so that none always follows the same one.
    for (const place of names.keys()) {
      const name = names[(place + round) % names.length] ?? 'ingress';
      results.set(name, await loadOnce(stage, subjects[name], host));
    }
    // The first round only warms up.
    if (round === 0) continue;
    const rate = results.get('ingress')?.rate ?? NaN;
    for (const [name, result] of results) rounds[name].push({ ...result, ratio: rate / result.rate });
  }
  return {
    ingress: medianOf(rounds.ingress),
    static: medianOf(rounds.static),
    staticClosing: medianOf(rounds.staticClosing),
  };
}

async function loadOnce(
  { containers }: IngressStage,
  { port, id }: { port: number; id: string },
  host: string,
): Promise<Omit<Throughput, 'ratio'>> {
  const before = await containers.cpuOf(id);
  const { rate, p99 } = await load({
    url: `http://127.0.0.1:${port}/`,
    connections: CONNECTIONS,
    seconds: SECONDS,
    setupClient: (client) => client.setRequests([{ method: 'GET', path: '/', headers: { host } }]),
  });
  const microseconds = ((await containers.cpuOf(id)) - before) / 1_000;
  return { rate, p99, cpu: microseconds / (rate * SECONDS) };
}

function medianOf(rounds: readonly Throughput[]): Throughput {
  const median = (key: keyof Throughput, digits: number) => {
    const sorted = rounds.map((round) => round[key]).sort((a, b) => a - b);
    return Number((sorted[Math.floor(sorted.length / 2)] ?? NaN).toFixed(digits));
  };
  return { rate: median('rate', 0), p99: median('p99', 0), cpu: median('cpu', 1), ratio: median('ratio', 2) };
}
