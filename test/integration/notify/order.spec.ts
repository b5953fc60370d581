import { type NotificationType } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { Notifier } from '../../support/notify/notifier.js';
import { Receiver } from '../../support/notify/receiver.js';
import { createQueuedDeployment } from '../../support/rows.js';

let database: TestDatabase;
let receiver: Receiver;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  receiver = await Receiver.start();
});
afterAll(async () => {
  await receiver.stop();
  await database.drop();
});

const FAST = { retryMs: 20, timeoutMs: 400 };

describe('messages about one deployment', () => {
  const EVENTS: NotificationType[] = ['deployment.queued', 'deployment.building', 'deployment.live'];

  /** Creates a deployment that went live, and returns the seqs of its events. */
  async function liveDeployment() {
    const { id, projectId, environmentId } = await createQueuedDeployment(database);
    for (const to of ['building', 'deploying', 'live']) {
      await database.dataSource.query(
        `INSERT INTO deployment_events (deployment_id, project_id, type, data, actor)
         VALUES ($1, $2, 'status', jsonb_build_object('from', '', 'to', $3::text), 'system')`,
        [id, projectId, to],
      );
    }
    const rows = await database.rows<{ seq: string }>(
      'SELECT seq FROM deployment_events WHERE deployment_id = $1 ORDER BY seq',
      [id],
    );
    return { id, projectId, environmentId, seqs: rows.map(({ seq }) => seq) };
  }
  /** Creates a webhook of the deployment's project that existed before the deployment. */
  async function webhookOf(notifier: Notifier, projectId: string, path: string) {
    const [project] = await database.rows<{ accountId: string }>(
      'SELECT account_id AS "accountId" FROM projects WHERE id = $1',
      [projectId],
    );
    const url = receiver.url(path);
    const webhook = await notifier.createWebhook({
      accountId: project?.accountId ?? '',
      url,
      events: EVENTS,
    });
    await database.dataSource.query(
      `UPDATE webhooks SET created_at = now() - interval '1 day' WHERE id = $1`,
      [webhook.id],
    );
    return webhook;
  }
  const typesAt = (path: string) =>
    receiver.at(path).map(({ body }) => (JSON.parse(body) as { type: string }).type);

  it('arrive once and in order, whatever the order in which the events are dispatched, and how often', async () => {
    const notifier = new Notifier(database, FAST);
    const path = receiver.aPath();
    // The first attempt of each fails.
    receiver.answerWith(path, 500, 200, 500, 200);
    const { projectId, seqs } = await liveDeployment();
    const { id } = await webhookOf(notifier, projectId, path);
    for (const seq of [...seqs].reverse().concat(seqs)) await notifier.dispatchDeploymentEvent(seq);
    await notifier.untilMessage(
      id,
      ({ type, status }) => type === 'deployment.live' && status === 'delivered',
    );
    expect([...new Set(typesAt(path))]).toEqual(EVENTS);
    expect(await notifier.messages.page(id, { limit: 10 })).toHaveLength(3);
  });

  it('are written with the first of them that is dispatched, so that a later one cannot arrive first', async () => {
    const notifier = new Notifier(database, FAST);
    const path = receiver.aPath();
    const { projectId, seqs } = await liveDeployment();
    const { id } = await webhookOf(notifier, projectId, path);
    await notifier.dispatchDeploymentEvent(seqs.at(-1) ?? '');
    await notifier.untilMessage(
      id,
      ({ type, status }) => type === 'deployment.live' && status === 'delivered',
    );
    expect(typesAt(path)).toEqual(EVENTS);
    for (const seq of seqs) await notifier.dispatchDeploymentEvent(seq);
    expect(await notifier.messages.page(id, { limit: 10 })).toHaveLength(3);
  });

  it('wait for an earlier one that fails, while those about others are sent', async () => {
    const notifier = new Notifier(database, FAST);
    const path = receiver.aPath();
    const { projectId, seqs } = await liveDeployment();
    const { id } = await webhookOf(notifier, projectId, path);
    for (const seq of seqs) await notifier.dispatchDeploymentEvent(seq);
    const [first] = (await notifier.messages.page(id, { limit: 10 })).slice(-1);
    receiver.answerWith(path, (response) => {
      const isFirst = receiver.at(path).at(-1)?.headers['webhook-id'] === first?.id;
      response.writeHead(isFirst ? 503 : 200).end();
    });
    const other = await notifier.write(id);
    await notifier.untilMessage(id, (message) => message.id === other && message.status === 'delivered');
    await notifier.untilMessage(id, (message) => message.id === first?.id && message.failures > 1);
    expect([...new Set(typesAt(path))].sort()).toEqual(['deployment.live', 'deployment.queued']);
    expect(receiver.at(path).filter(({ body }) => body.includes('"deployment.live"'))).toHaveLength(1);
    await notifier.webhooks.delete(id);
  });

  it('are not written while no webhook exists', async () => {
    const notifier = new Notifier(database);
    const { seqs } = await liveDeployment();
    await notifier.dispatchDeploymentEvent(seqs[0] ?? '');
    expect(await database.rows('SELECT 1 FROM webhook_messages WHERE position = $1', [seqs[0]])).toEqual([]);
  });
});
