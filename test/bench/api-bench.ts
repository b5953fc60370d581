import { createHmac, randomUUID } from 'node:crypto';
import type autocannon from 'autocannon';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { NO_COMMIT, pushPayload } from '../support/nexos/webhook-sender.js';
import type { TestSystem } from '../support/global-setup.js';
import { startBareServer, type BareServer } from './start-bare-server.js';
import { load, median, type Round } from './load.js';

const CONNECTIONS = 50;
const SECONDS = 8;
const ROUNDS = 3;
const POOL_SIZE = 10;

interface Comparison {
  readonly bare: Round;
  readonly nexos: Round;
  readonly ratio: number;
}

/** The API's hot paths, each beside a bare Fastify route on the same Postgres. Everything of Nexos is switched on. */
export async function benchApi(system: TestSystem): Promise<void> {
  const nexos = await NexosStack.start(system, {
    apps: ['api'],
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
    const repositories = await makeProjects(nexos);
    const reads = await compareReads(nexos, bare);
    const webhooks = await compareWebhooks(nexos, bare, repositories);
    print('GET /deployments/:id', reads);
    print('POST /webhooks/github', webhooks);
    process.stdout.write(`${JSON.stringify({ bench: 'api', connections: CONNECTIONS, reads, webhooks })}\n`);
  } finally {
    await bare.stop();
    await nexos.stop();
  }
}

/** One repository for each connection, each with an environment. */
async function makeProjects(nexos: NexosStack): Promise<string[]> {
  const repositories = Array.from({ length: CONNECTIONS }, (_, i) => `bench/app-${i}`);
  for (const repository of repositories) {
    await nexos.api.post('/projects', { name: repository, github_repo: repository });
    await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: sha() });
  }
  return repositories;
}

/** Each connection polls a deployment of its own. */
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
      setupClient: (client) => pushOneAfterTheOther(client, repositories[next++ % CONNECTIONS] ?? '', secret),
    });
  };
  return compare(
    () => round(`${bare.url}/webhook`),
    () => round(`${nexos.api.baseUrl}/api/webhooks/github`),
  );
}

/** Each connection pushes to a repository of its own, one commit on top of the other, as GitHub would tell it. */
function pushOneAfterTheOther(client: autocannon.Client, repository: string, secret: string): void {
  let before = sha();
  client.setRequests([
    {
      method: 'POST',
      setupRequest: (request) => {
        const after = sha();
        const body = JSON.stringify(pushPayload({ repository, branch: 'main', before, after }));
        before = after;
        const signature = createHmac('sha256', secret).update(body).digest('hex');
        const headers = {
          'content-type': 'application/json',
          'x-github-event': 'push',
          'x-github-delivery': randomUUID(),
          'x-hub-signature-256': `sha256=${signature}`,
        };
        return { ...request, headers, body };
      },
    },
  ]);
}

/** Turn by turn, so that both see the same machine; the first turn of each only warms up. */
async function compare(
  bareRound: () => Promise<Round>,
  nexosRound: () => Promise<Round>,
): Promise<Comparison> {
  const rounds = { bare: [] as Round[], nexos: [] as Round[] };
  for (let turn = 0; turn <= ROUNDS; turn++) {
    const bare = await bareRound();
    const nexos = await nexosRound();
    if (turn === 0) continue;
    rounds.bare.push(bare);
    rounds.nexos.push(nexos);
  }
  const bare = median(rounds.bare);
  const nexos = median(rounds.nexos);
  return { bare, nexos, ratio: Math.round((nexos.rate / bare.rate) * 100) / 100 };
}

function print(name: string, { bare, nexos, ratio }: Comparison): void {
  const line = (who: string, { rate, p50, p99 }: Round) =>
    `  ${who.padEnd(6)} ${rate.toFixed(0).padStart(7)} req/s   p50 ${p50} ms   p99 ${p99} ms\n`;
  process.stdout.write(`${name}\n${line('bare', bare)}${line('Nexos', nexos)}  ratio  ${ratio}\n\n`);
}

function sha(): string {
  return (randomUUID() + randomUUID()).replaceAll('-', '').slice(0, 40);
}
