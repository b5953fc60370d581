import { NexosStack } from '../support/nexos/nexos-stack.js';
import type { TestSystem } from '../support/global-setup.js';
import { startBareServer, type BareServer } from './start-bare-server.js';
import { load, median, type Round } from './load.js';
import type { Row } from './table.js';
import { appsOf, makeProjects, pushSequentially } from './pushes.js';

const CONNECTIONS = 50;
const SECONDS = 8;
const ROUNDS = 3;
const POOL_SIZE = 10;

interface Comparison {
  readonly bare: Round;
  readonly nexos: Round;
  readonly ratio: number;
}

/** Compares the API's hot paths, with all of Nexos enabled, to bare Fastify routes on the same Postgres. */
export async function benchApi(system: TestSystem): Promise<Row[]> {
  const nexos = await NexosStack.start(system, {
    apps: appsOf('api', 'integrations'),
    env: {
      RATE_LIMIT_PER_MINUTE: '1000000',
      DATABASE_POOL_SIZE: String(POOL_SIZE),
      LOG_LEVEL: 'info',
      SWEEP_MS: '5000',
      NODE_ENV: 'production',
    },
  });
  const databaseUrl = nexos.env.DATABASE_URL ?? '';
  const secret = nexos.env.GITHUB_WEBHOOK_SECRET ?? '';
  await nexos.database.query(
    'CREATE TABLE bench_deliveries (id text PRIMARY KEY, repository text, branch text, sha text)',
  );
  const bare = await startBareServer({ databaseUrl, secret, poolSize: POOL_SIZE });
  try {
    const repositories = Array.from({ length: CONNECTIONS }, (_, i) => `bench/app-${i}`);
    await makeProjects(nexos, repositories, Math.floor(Date.now() / 1000));
    const reads = await compareReads(nexos, bare);
    print('GET /deployments/:id', reads);
    const whileProcessing = await compareWebhooks(nexos, bare, repositories);
    print('POST /webhooks/github, while deliveries are processed', whileProcessing);
    // Measure accepting alone, without the worker on the same machine. This leaves a backlog.
    for (const name of appsOf('integrations')) await nexos.app(name).stop('SIGTERM');
    const webhooks = await compareWebhooks(nexos, bare, repositories);
    print('POST /webhooks/github', webhooks);
    const figures = { bench: 'api', connections: CONNECTIONS, reads, webhooks, whileProcessing };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    return [rowOf('GET /deployments/:id', reads, '≥ 0.7'), rowOf('POST /webhooks/github', webhooks, '≥ 0.6')];
  } finally {
    await bare.stop();
    await nexos.stop();
  }
}

/** Compares reads; each connection polls its own deployment. */
async function compareReads(nexos: NexosStack, bare: BareServer): Promise<Comparison> {
  const ids = await nexos.column<string>('SELECT id FROM deployments ORDER BY id LIMIT $1', [CONNECTIONS]);
  const headers = { authorization: nexos.api.authorization };
  const round = (url: string) => {
    let next = 0;
    return load({
      url,
      connections: CONNECTIONS,
      seconds: SECONDS,
      setupClient: (client) => {
        const path = `${new URL(url).pathname}/${ids[next++ % ids.length]}`;
        client.setRequests([{ method: 'GET', path, headers }]);
      },
    });
  };
  return compare(
    () => round(`${bare.url}/deployments`),
    () => round(`${nexos.api.baseUrl}/api/deployments`),
  );
}

function compareWebhooks(nexos: NexosStack, bare: BareServer, repositories: string[]): Promise<Comparison> {
  const secret = nexos.env.GITHUB_WEBHOOK_SECRET ?? '';
  const round = (url: string) => {
    let next = 0;
    return load({
      url,
      connections: CONNECTIONS,
      seconds: SECONDS,
      setupClient: (client) => pushSequentially(client, repositories[next++ % CONNECTIONS] ?? '', secret),
    });
  };
  return compare(
    () => round(`${bare.url}/webhook`),
    () => round(`${nexos.api.baseUrl}/api/webhooks/github`),
  );
}

/** Alternates the rounds, so that both run under the same conditions; the first round of each only warms up. */
async function compare(
  bareRound: () => Promise<Round>,
  nexosRound: () => Promise<Round>,
): Promise<Comparison> {
  const rounds = { bare: [] as Round[], nexos: [] as Round[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const bare = await bareRound();
    const nexos = await nexosRound();
    if (round === 0) continue;
    rounds.bare.push(bare);
    rounds.nexos.push(nexos);
  }
  const bare = median(rounds.bare);
  const nexos = median(rounds.nexos);
  return { bare, nexos, ratio: Math.round((nexos.rate / bare.rate) * 100) / 100 };
}

function rowOf(what: string, { bare, nexos, ratio }: Comparison, target: string): Row {
  const shown = ({ rate }: Round) => `${rate.toFixed(0)} /s`;
  return { what, bare: shown(bare), nexos: shown(nexos), ratio, target };
}

function print(name: string, { bare, nexos, ratio }: Comparison): void {
  const line = (who: string, { rate, p50, p99 }: Round) =>
    `  ${who.padEnd(6)} ${rate.toFixed(0).padStart(7)} req/s   p50 ${p50} ms   p99 ${p99} ms\n`;
  process.stdout.write(`${name}\n${line('bare', bare)}${line('Nexos', nexos)}  ratio  ${ratio}\n\n`);
}
