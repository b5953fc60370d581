import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { anyPort } from '../../support/any-port.js';
import { eventually } from '../../support/eventually.js';
import type { AppProcess } from '../../support/nexos/app-process.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT, pushPayload, WebhookSender } from '../../support/nexos/webhook-sender.js';
import { byScale } from '../../support/scale.js';

const BRANCHES = byScale({ short: 30, long: 200 });
const PUSHES = byScale({ short: 8, long: 25 });

let nexos: NexosStack;
/** A second process of the API, and a second integrations worker. */
let replica: AppProcess;
let worker: AppProcess;
let replicas: WebhookSender[];
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), { apps: ['api', 'integrations'] });
  const port = await anyPort();
  replica = nexos.secondProcess('api', { PORT: String(port) });
  worker = nexos.secondProcess('integrations');
  replica.start();
  worker.start();
  await eventually('the replica to be ready', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    return response?.status === 200 ? true : undefined;
  });
  const secret = nexos.env.GITHUB_WEBHOOK_SECRET ?? '';
  replicas = [
    nexos.webhooks,
    new WebhookSender(`http://127.0.0.1:${port}/api/webhooks/github`, secret, nexos.api),
  ];
});
afterAll(async () => {
  await Promise.all([replica.stop('SIGTERM'), worker.stop('SIGTERM')]);
  await nexos.stop();
});

const sha = (branch: number, push: number) => `${branch}a${push}`.padStart(40, 'f');
const FIRST_PUSH_AT = Math.floor(Date.now() / 1_000) - 1_000;

it('neither loses nor repeats a push when processes are killed under load', async () => {
  const repositories = Array.from({ length: BRANCHES }, (_, i) => `owner/together-${i}`);
  for (const repository of repositories) {
    await nexos.api.post('/projects', { name: repository, github_repo: repository });
  }
  const count = (sql: string) => nexos.column<number>(`SELECT count(*)::integer ${sql}`);
  let answered = 0;
  let killed: Promise<void> | undefined;
  /** Pushes in order; redelivers what was not answered to the API process that stays up. */
  const pushAll = async (repository: string, branch: number) => {
    for (let push = 1; push <= PUSHES; push++) {
      const move = {
        repository,
        branch: 'main',
        before: push === 1 ? NO_COMMIT : sha(branch, push - 1),
        after: sha(branch, push),
        pushedAt: FIRST_PUSH_AT + push,
      };
      const delivery = { id: randomUUID() };
      const payload = pushPayload(move);
      const first = replicas[(branch + push) % 2] ?? nexos.webhooks;
      const { outcome } = await first
        .receive('push', payload, delivery)
        .catch(() => nexos.webhooks.receive('push', payload, delivery));
      expect(['accepted', 'duplicate']).toContain(outcome);
      answered++;
      if (answered === (BRANCHES * PUSHES) / 2) killed = killSome();
    }
  };
  /** Kills the second process of the API and the first integrations worker. */
  const killSome = async () => {
    await Promise.all([replica.stop('SIGKILL'), nexos.app('integrations').stop('SIGKILL')]);
    nexos.app('integrations').start();
  };
  await Promise.all(repositories.map(pushAll));
  await killed;
  await eventually('all deliveries to be processed', async () => {
    const [left] = await count(`FROM webhook_deliveries WHERE outcome = 'accepted'`);
    return left === 0 ? true : undefined;
  });
  const outcomes = `SELECT DISTINCT outcome FROM webhook_deliveries`;
  expect(await nexos.column(outcomes)).toEqual(['deployed']);

  expect(await count('FROM deployments')).toEqual([BRANCHES * PUSHES]);
  expect(await count('FROM (SELECT DISTINCT commit_sha FROM deployments) d')).toEqual([BRANCHES * PUSHES]);
  expect(await count('FROM webhook_deliveries')).toEqual([BRANCHES * PUSHES]);
  expect((await nexos.column<string>('SELECT head_sha FROM branches')).sort()).toEqual(
    repositories.map((_, branch) => sha(branch, PUSHES)).sort(),
  );
  const waiting = await nexos.column<string>(
    `SELECT commit_sha FROM deployments
     JOIN environments ON environments.latest_deployment_id = deployments.id
     WHERE deployments.status = 'queued'`,
  );
  expect(waiting.sort()).toEqual(repositories.map((_, branch) => sha(branch, PUSHES)).sort());
  await eventually('every job to be on its queue', async () =>
    (await count('FROM outbox'))[0] === 0 ? true : undefined,
  );
});
