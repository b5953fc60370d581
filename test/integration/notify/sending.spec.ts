import { NO_SUBJECT } from '@nexos/state';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { Notifier } from '../../support/notify/notifier.js';
import { NotifyStage } from '../../support/notify/notify-stage.js';
import { insertProject } from '../../support/rows.js';

let stage: NotifyStage;
beforeAll(async () => {
  stage = await NotifyStage.start(inject('system'));
});
afterAll(() => stage.stop());
beforeEach(() => stage.changeAccount());

const FAST = { retryMs: 20, timeoutMs: 400 };
const DAYS_AGO = `now() - interval '2 days'`;
/** Simulates that a message has failed for two days. */
const simulateFailing = (messageId: string) =>
  stage.database.dataSource.query(
    `UPDATE webhook_messages SET first_failed_at = ${DAYS_AGO}, next_attempt_at = now() WHERE id = $1`,
    [messageId],
  );
const isFinished = ({ status }: { status: string }) => status !== 'pending';
const hasFailedOnce = ({ failures }: { failures: number }) => failures > 0;

describe('a message', () => {
  it('is signed as the Standard Webhooks specification says, and has the id of its delivery', async () => {
    const notifier = new Notifier(stage.database);
    const path = stage.receiver.aPath();
    const { id, secret } = await stage.aMessage(notifier, path);
    const message = await notifier.untilMessage(id, isFinished);
    expect(message).toMatchObject({ status: 'delivered', attempts: 1, responseStatus: 204, error: null });
    expect(message.latencyMs).toBeGreaterThanOrEqual(0);
    const [{ headers, body } = { headers: {}, body: '' }] = stage.receiver.at(path);
    const verified = new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(verified).toEqual({
      type: 'deployment.live',
      timestamp: message.at.toISOString(),
      data: NO_SUBJECT,
    });
    expect(headers).toMatchObject({ 'webhook-id': message.id, 'content-type': 'application/json' });
    expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  it('is sent again with the same id after a 500, and then delivered', async () => {
    const notifier = new Notifier(stage.database, FAST);
    const path = stage.receiver.aPath();
    stage.receiver.answerWith(path, 500, 200);
    const { id } = await stage.aMessage(notifier, path);
    const message = await notifier.untilMessage(id, isFinished);
    expect(message).toMatchObject({
      status: 'delivered',
      attempts: 2,
      failures: 1,
      responseStatus: 200,
      error: null,
    });
    const ids = stage.receiver.at(path).map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([message.id, message.id]);
    expect(await notifier.find(id)).toMatchObject({ failures: 0, failingSince: null });
  });

  it('that waits for its next attempt is sent at once to a new address', async () => {
    const notifier = new Notifier(stage.database, { retryMs: 3_600_000, timeoutMs: 400 });
    const [path, other] = [stage.receiver.aPath(), stage.receiver.aPath()];
    stage.receiver.answerWith(path, 500);
    const { id } = await stage.aMessage(notifier, path);
    await notifier.untilMessage(id, hasFailedOnce);
    await stage.database.unitOfWork.run(() =>
      notifier.webhooks.change(id, { url: stage.receiver.url(other) }),
    );
    const message = await notifier.untilMessage(id, isFinished);
    expect(message).toMatchObject({ status: 'delivered', attempts: 2 });
    expect(stage.receiver.at(other)).toHaveLength(1);
  });

  it('waits as long as the receiver asks with Retry-After', async () => {
    const notifier = new Notifier(stage.database, FAST);
    const path = stage.receiver.aPath();
    stage.receiver.answerWith(path, (response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    const { id } = await stage.aMessage(notifier, path);
    const { nextAttemptAt } = await notifier.untilMessage(id, hasFailedOnce);
    const minutes = (nextAttemptAt.getTime() - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(58);
    expect(minutes).toBeLessThan(61);
  });

  it('whose receiver answers 410 disables the webhook at once, and tells the others of the account', async () => {
    const notifier = new Notifier(stage.database, FAST);
    const [path, other] = [stage.receiver.aPath(), stage.receiver.aPath()];
    stage.receiver.answerWith(path, 410);
    const told = await stage.createWebhook(notifier, other);
    const { id } = await stage.aMessage(notifier, path);
    await notifier.write(id);
    const reason = 'The receiver answered 410: it wants no messages any more.';
    await eventually('the webhook to be disabled', async () => {
      await notifier.sweep();
      return (await notifier.find(id)).disabledReason === reason ? true : undefined;
    });
    const messages = await notifier.messages.page(id, { limit: 10 });
    expect(messages.map(({ status }) => status)).toEqual(['failed', 'failed']);
    await notifier.untilMessage(told.id, isFinished);
    const [{ body } = { body: '{}' }] = stage.receiver.at(other);
    expect(JSON.parse(body)).toMatchObject({
      type: 'webhook.disabled',
      data: { webhook: { id }, message: reason },
    });
  });

  it('to a webhook of a project that it disables is a line in the audit log of the project', async () => {
    const notifier = new Notifier(stage.database, FAST);
    const path = stage.receiver.aPath();
    stage.receiver.answerWith(path, 410);
    const { accountId } = stage;
    const { id: projectId } = await insertProject(stage.database.dataSource.manager, { accountId });
    const url = stage.receiver.url(path);
    const { id } = await notifier.createWebhook({ accountId, projectId, url });
    await notifier.write(id);
    await eventually('the webhook to be disabled', async () => {
      await notifier.sweep();
      return (await notifier.find(id)).disabledReason !== null ? true : undefined;
    });
    const lines = await stage.database.rows(
      `SELECT account_id, project_id FROM audit_log WHERE subject = $1 AND action = 'webhook.disable'`,
      [id],
    );
    expect(lines).toEqual([{ account_id: accountId, project_id: projectId }]);
  });

  it('that fails until the time for retries is over disables the webhook', async () => {
    const notifier = new Notifier(stage.database, FAST);
    const path = stage.receiver.aPath();
    stage.receiver.answerWith(path, 500);
    const { id } = await stage.aMessage(notifier, path);
    const { id: messageId } = await notifier.untilMessage(id, ({ failures }) => failures > 1);
    await stage.database.dataSource.query(`UPDATE webhooks SET failing_since = ${DAYS_AGO} WHERE id = $1`, [
      id,
    ]);
    await simulateFailing(messageId);
    const message = await notifier.untilMessage(id, isFinished);
    expect(message).toMatchObject({ status: 'failed', error: 'The receiver answered 500.' });
    expect(message.attempts).toBeGreaterThan(2);
    const { disabledReason } = await notifier.find(id);
    expect(disabledReason).toMatch(/^The receiver accepted no message for .* The receiver answered 500\.$/);
  });

  it('that alone fails does not disable a webhook that accepts others', async () => {
    const notifier = new Notifier(stage.database, FAST);
    const path = stage.receiver.aPath();
    const { id } = await stage.createWebhook(notifier, path);
    const poison = await notifier.write(id);
    stage.receiver.answerWith(path, (response) => {
      const isPoison = stage.receiver.at(path).at(-1)?.headers['webhook-id'] === poison;
      response.writeHead(isPoison ? 500 : 200).end();
    });
    await notifier.untilMessage(id, hasFailedOnce);
    const other = await notifier.write(id);
    await notifier.untilMessage(id, (message) => message.id === other && isFinished(message));
    await simulateFailing(poison);
    await notifier.untilMessage(id, (message) => message.id === poison && isFinished(message));
    expect(await notifier.find(id)).toMatchObject({ disabledAt: null });
  });
});

describe('a receiver that never answers', () => {
  it('delays the messages of no other account', async () => {
    const notifier = new Notifier(stage.database, { timeoutMs: 60_000 });
    const silent = stage.receiver.aPath();
    stage.receiver.answerWith(silent, null);
    const hanging = await Promise.all(Array.from({ length: 20 }, () => stage.aMessage(notifier, silent)));
    for (const { id } of hanging) await notifier.write(id);
    await notifier.sweep();
    await eventually('16 messages to be on their way', () =>
      Promise.resolve(stage.receiver.at(silent).length === 16 ? true : undefined),
    );
    await stage.changeAccount();
    const prompt = await stage.aMessage(notifier, stage.receiver.aPath());
    expect(await notifier.untilMessage(prompt.id, isFinished)).toMatchObject({ status: 'delivered' });
    // The account whose receivers are silent has no more than its share.
    expect(stage.receiver.at(silent)).toHaveLength(16);
    for (const { id } of hanging) await notifier.webhooks.delete(id);
    stage.receiver.hangUp();
    await notifier.sender.beforeApplicationShutdown();
  });

  it('delays the other messages to its webhook only, when it has begun to answer nothing', async () => {
    const notifier = new Notifier(stage.database, { timeoutMs: 60_000 });
    const [silent, path] = [stage.receiver.aPath(), stage.receiver.aPath()];
    stage.receiver.answerWith(silent, null);
    const hanging = await stage.aMessage(notifier, silent);
    for (let i = 0; i < 10; i++) await notifier.write(hanging.id);
    const prompt = await stage.aMessage(notifier, path);
    expect(await notifier.untilMessage(prompt.id, isFinished)).toMatchObject({ status: 'delivered' });
    expect(stage.receiver.at(silent).length).toBeLessThanOrEqual(4);
    await notifier.webhooks.delete(hanging.id);
    stage.receiver.hangUp();
    await notifier.sender.beforeApplicationShutdown();
  });

  it('keeps its message for another worker when this one stops', async () => {
    const notifier = new Notifier(stage.database, { timeoutMs: 60_000 });
    const path = stage.receiver.aPath();
    stage.receiver.answerWith(path, null, 204);
    const { id } = await stage.aMessage(notifier, path);
    await notifier.sweep();
    await eventually('the message to be on its way', () =>
      Promise.resolve(stage.receiver.at(path).length === 1 ? true : undefined),
    );
    await notifier.sender.beforeApplicationShutdown();
    const [message] = await notifier.messages.page(id, { limit: 1 });
    expect(message).toMatchObject({ status: 'pending', attempts: 0, failures: 0, leaseUntil: null });
  });

  it('fails the attempt when the time is over', async () => {
    const notifier = new Notifier(stage.database, FAST);
    const path = stage.receiver.aPath();
    stage.receiver.answerWith(path, null);
    const { id } = await stage.aMessage(notifier, path);
    expect(await notifier.untilMessage(id, hasFailedOnce)).toMatchObject({
      responseStatus: null,
      error: 'The receiver did not answer within 0.4 s.',
    });
  });

  it('of which the body has no end counts by its status', async () => {
    const notifier = new Notifier(stage.database, FAST);
    const path = stage.receiver.aPath();
    stage.receiver.answerWith(path, (response) => {
      response.writeHead(200);
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more));
      };
      more();
    });
    const { id } = await stage.aMessage(notifier, path);
    expect(await notifier.untilMessage(id, isFinished)).toMatchObject({ status: 'delivered' });
  });
});
