import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { Notifier } from '../../support/notify/notifier.js';
import { Receiver } from '../../support/notify/receiver.js';
import { insertAccount } from '../../support/rows.js';

let database: TestDatabase;
let receiver: Receiver;
let accountId: string;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  receiver = await Receiver.start();
});
afterAll(async () => {
  await receiver.stop();
  await database.drop();
});
beforeEach(async () => {
  accountId = await insertAccount(database.dataSource.manager);
});

const FAST = { retryMs: 20, timeoutMs: 400 };
/** Creates a webhook with one message to send. */
async function aMessage(notifier: Notifier, path: string, host?: string) {
  const webhook = await notifier.createWebhook({ accountId, url: receiver.url(path, host) });
  await notifier.write(webhook.id);
  return webhook;
}
const isFinished = ({ status }: { status: string }) => status !== 'pending';
const hasFailedOnce = ({ failures }: { failures: number }) => failures > 0;

describe('private addresses', () => {
  it.each([
    ['a loopback address', '127.0.0.1'],
    ['a name that resolves to a loopback address', 'localhost'],
    ['an address written in hexadecimal', '0x7f000001'],
    ['an IPv6 address that contains a loopback address', '[::ffff:127.0.0.1]'],
    ['the unspecified address', '0.0.0.0'],
    ['the address of the metadata of a cloud', '169.254.169.254'],
    ['an address of a private network', '10.0.0.1'],
    ['a NAT64 address of a private network', '[64:ff9b:1::a00:1]'],
  ])('get no message by default: %s', async (_, host) => {
    const notifier = new Notifier(database, { ...FAST, allowedNetworks: [] });
    const path = receiver.aPath();
    const { id } = await aMessage(notifier, path, host);
    const { error } = await notifier.untilMessage(id, hasFailedOnce);
    expect(error).toMatch(/ has a private address, which messages are not sent to\./);
    expect(receiver.at(path)).toEqual([]);
  });

  it('get messages if the operator allows their network', async () => {
    const notifier = new Notifier(database, {
      allowedNetworks: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8', '::1'],
    });
    for (const host of ['127.0.0.1', 'localhost']) {
      const { id } = await aMessage(notifier, receiver.aPath(), host);
      expect(await notifier.untilMessage(id, isFinished)).toMatchObject({ status: 'delivered' });
    }
  });

  it('get no message by way of a redirect', async () => {
    const notifier = new Notifier(database, FAST);
    const [path, target] = [receiver.aPath(), receiver.aPath()];
    const { id } = await aMessage(notifier, path);
    receiver.answerWith(
      path,
      (response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
      (response) => response.writeHead(307, { location: receiver.url(target) }).end(),
    );
    expect(await notifier.untilMessage(id, hasFailedOnce)).toMatchObject({
      responseStatus: 302,
      error: 'The receiver answered 302. Redirects are not followed.',
    });
    const second = ({ attempts, failures }: { attempts: number; failures: number }) =>
      attempts === 2 && failures === 2;
    expect(await notifier.untilMessage(id, second)).toMatchObject({ responseStatus: 307 });
    expect(receiver.at(target)).toEqual([]);
  });
});
