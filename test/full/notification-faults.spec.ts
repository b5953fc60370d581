import { randomUUID } from 'node:crypto';
import { INTEGRATIONS_FAULT_POINTS } from '@nexos/config';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { NO_COMMIT, pushPayload } from '../support/nexos/webhook-sender.js';
import { Receiver } from '../support/notify/receiver.js';

const sha = (number: number) => number.toString(16).padStart(40, '0');
const NOW = Math.floor(Date.now() / 1000) - 3_600;
const POINTS = INTEGRATIONS_FAULT_POINTS.filter((point) => point.startsWith('notify.'));

interface Told {
  readonly type: string;
  readonly data: { readonly deployment: { readonly id: string } | null };
}

let nexos: NexosStack;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
  nexos = await NexosStack.start(inject('system'), {
    apps: ['api', 'integrations'],
    env: {
      SWEEP_MS: '300',
      QUEUE_LOCK_MS: '1000',
      QUEUE_STALLED_MS: '500',
      NOTIFY_TIMEOUT_MS: '500',
      NOTIFY_RETRY_MS: '100',
      NOTIFY_ALLOWED_NETWORKS: '127.0.0.0/8',
    },
  });
});
afterAll(async () => {
  await nexos.stop();
  await receiver.stop();
});

/** Has two pushes accepted, of which the second supersedes the first. */
async function acceptTwo({ fullName: repository }: TestProject): Promise<void> {
  for (const number of [1, 2]) {
    const before = number === 1 ? NO_COMMIT : sha(number - 1);
    const push = { repository, branch: 'main', before, after: sha(number), pushedAt: NOW + number };
    await nexos.webhooks.receive('push', pushPayload(push), { id: randomUUID() });
  }
}

/** Creates a project with a webhook, whose receiver has a path of its own. */
async function createWebhook(): Promise<{ project: TestProject; path: string; secret: string }> {
  const project = await TestProject.create(nexos);
  const path = receiver.aPath();
  const body = {
    url: receiver.url(path),
    events: ['deployment.queued', 'deployment.cancelled', 'environment.created'],
  };
  const response = await nexos.api.request('POST', `/projects/${project.id}/webhooks`, body);
  const { secret } = (await response.json()) as { secret: string };
  return { project, path, secret };
}

/** Returns the different messages at a path by id, in the order of their first arrival; checks their signatures. */
function messagesAt(path: string, secret: string): Map<string, Told> {
  const messages = new Map<string, Told>();
  for (const { headers, body } of receiver.at(path)) {
    const told = new Webhook(secret).verify(body, headers as Record<string, string>) as Told;
    const id = String(headers['webhook-id']);
    if (messages.has(id)) expect(told).toEqual(messages.get(id));
    else messages.set(id, told);
  }
  return messages;
}

describe('messages to a webhook', () => {
  it.each(POINTS)('are not lost, and repeated only with the same id, after a crash at %s', async (point) => {
    const { project, path, secret } = await createWebhook();
    await nexos.app('integrations').stop('SIGTERM');
    const worker = nexos.secondProcess('integrations', { NEXOS_FAULT_POINT: point });
    try {
      worker.start();
      await acceptTwo(project);
      expect(await worker.waitForExit(), point).toBe('SIGKILL');
    } finally {
      await worker.stop('SIGKILL');
      nexos.app('integrations').start();
    }
    await eventually('both pushes to be processed', async () =>
      (await nexos.column('SELECT 1 FROM deployments WHERE project_id = $1', [project.id])).length === 2
        ? true
        : undefined,
    );
    const left = `SELECT 1 FROM deployment_events WHERE project_id = $1 AND passed_on_at IS NULL
      UNION ALL SELECT 1 FROM environment_events WHERE project_id = $1 AND passed_on_at IS NULL
      UNION ALL SELECT 1 FROM webhook_messages JOIN webhooks ON webhooks.id = webhook_id
        WHERE project_id = $1 AND webhook_messages.status <> 'delivered'`;
    await eventually('every message to be delivered', async () =>
      (await nexos.column(left, [project.id])).length === 0 ? true : undefined,
    );
    const told = [...messagesAt(path, secret).values()];
    expect(told.map(({ type }) => type).sort()).toEqual([
      'deployment.cancelled',
      'deployment.queued',
      'deployment.queued',
      'environment.created',
    ]);
    const cancelled = told.find(({ type }) => type === 'deployment.cancelled')?.data.deployment?.id;
    const ofFirst = told.filter(({ data }) => data.deployment?.id === cancelled).map(({ type }) => type);
    expect(ofFirst).toEqual(['deployment.queued', 'deployment.cancelled']);
  });

  it('are sent although Redis is wiped before a worker sees their jobs', async () => {
    const { project, path, secret } = await createWebhook();
    receiver.answerWith(path, 503, 204);
    await acceptTwo(project);
    await nexos.wipeRedis();
    await eventually('all messages to arrive', () =>
      Promise.resolve(messagesAt(path, secret).size === 4 ? true : undefined),
    );
  });
});
