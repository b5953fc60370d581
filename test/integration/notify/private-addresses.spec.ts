import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { Notifier } from '../../support/notify/notifier.js';
import { NotifyStage } from '../../support/notify/notify-stage.js';

let stage: NotifyStage;
beforeAll(async () => {
  stage = await NotifyStage.start(inject('system'));
});
afterAll(() => stage.stop());
beforeEach(() => stage.changeAccount());

const FAST = { retryMs: 20, timeoutMs: 400 };
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
    const notifier = new Notifier(stage.database, { ...FAST, allowedNetworks: [] });
    const path = stage.receiver.aPath();
    const { id } = await stage.aMessage(notifier, path, host);
    const { error } = await notifier.untilMessage(id, hasFailedOnce);
    expect(error).toMatch(/ has a private address, which messages are not sent to\./);
    expect(stage.receiver.at(path)).toEqual([]);
  });

  it('get messages if the operator allows their network', async () => {
    const notifier = new Notifier(stage.database, {
      allowedNetworks: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8', '::1'],
    });
    for (const host of ['127.0.0.1', 'localhost']) {
      const { id } = await stage.aMessage(notifier, stage.receiver.aPath(), host);
      expect(await notifier.untilMessage(id, isFinished)).toMatchObject({ status: 'delivered' });
    }
  });

  it('get no message by way of a redirect', async () => {
    const notifier = new Notifier(stage.database, FAST);
    const [path, target] = [stage.receiver.aPath(), stage.receiver.aPath()];
    const { id } = await stage.aMessage(notifier, path);
    stage.receiver.answerWith(
      path,
      (response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
      (response) => response.writeHead(307, { location: stage.receiver.url(target) }).end(),
    );
    expect(await notifier.untilMessage(id, hasFailedOnce)).toMatchObject({
      responseStatus: 302,
      error: 'The receiver answered 302. Redirects are not followed.',
    });
    const second = ({ attempts, failures }: { attempts: number; failures: number }) =>
      attempts === 2 && failures === 2;
    expect(await notifier.untilMessage(id, second)).toMatchObject({ responseStatus: 307 });
    expect(stage.receiver.at(target)).toEqual([]);
  });
});
