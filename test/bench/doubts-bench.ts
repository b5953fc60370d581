import type { TestSystem } from '../support/global-setup.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { load, type Round } from './load.js';
import { ratioOf, type Row } from './table.js';
import { appsOf, deliver, makeProjects, processed, pushSequentially, sha } from './pushes.js';

const CONNECTIONS = 50;
const SECONDS = 3;
const STALE_PUSHES = 2_360;
const CONCURRENCY = 20;

interface Rate extends Round {
  /** The round's deliveries processed per second. */
  readonly processed: number;
}

/** Measures whether pushes are slower in repositories with branches in doubt, whose Git host returns 404. */
export async function benchDoubts(system: TestSystem): Promise<Row[]> {
  const nexos = await NexosStack.start(system, {
    apps: appsOf('api', 'integrations', 'builder'),
    env: { LOG_LEVEL: 'info', NODE_ENV: 'production', SWEEP_MS: '5000', BUILD_CONCURRENCY: '1' },
  });
  try {
    const began = Math.floor(Date.now() / 1000) - 3_600;
    const [fresh, doubtful] = ['fresh', 'doubtful'].map((kind) =>
      Array.from({ length: CONNECTIONS }, (_, i) => `${kind}/app-${i}`),
    ) as [string[], string[]];
    await makeProjects(nexos, [...fresh, ...doubtful], began);
    await rate(nexos, fresh);
    const before = await rate(nexos, fresh);
    await pushStale(nexos, doubtful, began);
    const doubts = 'SELECT count(*)::integer FROM branches WHERE in_doubt_since IS NOT NULL';
    const [inDoubt] = await nexos.column<number>(doubts);
    const after = await rate(nexos, doubtful);
    const again = await rate(nexos, fresh);
    print('fresh repositories', before);
    print(`after ${STALE_PUSHES} stale pushes, ${inDoubt} branches in doubt`, after);
    print('fresh repositories again', again);
    process.stdout.write(`${JSON.stringify({ bench: 'doubts', before, after, again })}\n`);
    const [bare, own] = [before.processed, after.processed];
    return [
      {
        what: 'pushes processed, branches in doubt against others',
        bare: `${bare} /s`,
        nexos: `${own} /s`,
        ratio: ratioOf(own, bare),
        target: null,
      },
    ];
  } finally {
    await nexos.stop();
  }
}

/** Pushes unknown commits in the same second in which each branch was created, so that their order is unknown. */
async function pushStale(
  nexos: NexosStack,
  repositories: readonly string[],
  pushedAt: number,
): Promise<void> {
  for (let from = 0; from < STALE_PUSHES; from += CONCURRENCY) {
    await Promise.all(
      Array.from({ length: CONCURRENCY }, (_, i) => {
        const repository = repositories[(from + i) % repositories.length] ?? '';
        return deliver(nexos, { repository, branch: 'main', before: sha(), after: sha(), pushedAt });
      }),
    );
  }
  await processed(nexos);
}

async function rate(nexos: NexosStack, repositories: readonly string[]): Promise<Rate> {
  const count = () => nexos.column<number>('SELECT count(*)::integer FROM webhook_deliveries');
  const [first = 0] = await count();
  const began = Date.now();
  let next = 0;
  const round = await load({
    url: `${nexos.api.baseUrl}/api/webhooks/github`,
    connections: CONNECTIONS,
    seconds: SECONDS,
    setupClient: (client) => {
      const repository = repositories[next++ % repositories.length] ?? '';
      pushSequentially(client, repository, nexos.env.GITHUB_WEBHOOK_SECRET ?? '');
    },
  });
  await processed(nexos);
  const [last = 0] = await count();
  return { ...round, processed: Math.round(((last - first) / (Date.now() - began)) * 1_000) };
}

function print(name: string, { rate: perSecond, p50, p99, processed: done }: Rate): void {
  process.stdout.write(
    `${name}\n  accepted ${perSecond.toFixed(0)} /s   p50 ${p50} ms   p99 ${p99} ms   processed ${done} /s\n\n`,
  );
}
