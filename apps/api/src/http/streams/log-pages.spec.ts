import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogPages, MAX_PAGE_BYTES } from './log-pages.js';

/** A reply whose client receives nothing until the test ends it. */
function fakeReply() {
  const raw = Object.assign(new EventEmitter(), {
    destroyed: false,
    destroy: () => {
      raw.destroyed = true;
      raw.emit('close');
    },
  });
  const send = vi.fn();
  return { raw, send, reply: { raw, send } as unknown as FastifyReply };
}

const ACCOUNT = { accountId: 'account' };
const page = () => Promise.resolve({ body: {}, bytes: MAX_PAGE_BYTES });

/** Accounts of which each may have six full pages unreceived. */
const accountOf = (n: number) => ({ accountId: `account ${Math.floor(n / 6)}` });

describe('LogPages', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  /** Fills all room with pages that nobody receives. */
  async function filled() {
    const pages = new LogPages();
    const replies = Array.from({ length: 24 }, fakeReply);
    for (const [n, { reply }] of replies.entries()) await pages.send(accountOf(n), reply, page);
    return { pages, replies };
  }
  async function refused(sending: Promise<void>) {
    const refusal = expect(sending).rejects.toMatchObject({ kind: 'service-unavailable' });
    await vi.advanceTimersByTimeAsync(3_000);
    await refusal;
  }

  it('refuses with 503 when too much waits to be received, and cuts off nobody', async () => {
    const { pages, replies } = await filled();
    await refused(pages.send({ accountId: 'another' }, fakeReply().reply, page));
    expect(replies.filter(({ raw }) => raw.destroyed)).toEqual([]);
    const waiting = pages.send({ accountId: 'another' }, fakeReply().reply, page);
    replies[7]?.raw.emit('close');
    await waiting;
  });

  it('has room for others when one account receives nothing', async () => {
    const pages = new LogPages();
    const account = { accountId: 'greedy' };
    for (let n = 0; n < 6; n++) await pages.send(account, fakeReply().reply, page);
    await refused(pages.send(account, fakeReply().reply, page));
    await pages.send({ accountId: 'another' }, fakeReply().reply, page);
  });

  it('cuts off readers that have taken half a minute for a page, when others wait', async () => {
    const { pages, replies } = await filled();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(replies.filter(({ raw }) => raw.destroyed)).toEqual([]);
    for (let n = 0; n < 2; n++) await pages.send({ accountId: 'another' }, fakeReply().reply, page);
    await pages.send(accountOf(23), fakeReply().reply, page);
    const cutOff = replies.flatMap(({ raw }, n) => (raw.destroyed ? [n] : []));
    // The oldest, and the oldest of the account that had no room of its own.
    expect(cutOff).toEqual([0, 1, 18]);
  });

  it('cuts off nobody whose page was received', async () => {
    const pages = new LogPages();
    const replies = Array.from({ length: 40 }, fakeReply);
    for (const { reply, raw } of replies) {
      await pages.send(ACCOUNT, reply, page);
      raw.emit('close');
    }
    expect(replies.filter(({ raw }) => raw.destroyed)).toEqual([]);
  });

  it('reads nothing for a client that has disconnected', async () => {
    const { reply, raw, send } = fakeReply();
    raw.destroy();
    const read = vi.fn();
    await new LogPages().send(ACCOUNT, reply, read);
    expect(read).not.toHaveBeenCalled();
    expect(send).not.toHaveBeenCalled();
  });

  it('reads a few pages at a time, and refuses with 503 those that would wait too long', async () => {
    const pages = new LogPages();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let reading = 0;
    const sends = Array.from({ length: 10 }, (_, n) =>
      pages.send(accountOf(n), fakeReply().reply, async () => {
        reading++;
        await held;
        return { body: {}, bytes: 1 };
      }),
    );
    const settled = Promise.allSettled(sends);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(reading).toBe(8);
    release();
    const outcomes = await settled;
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { kind: 'service-unavailable' } },
      { reason: { kind: 'service-unavailable' } },
    ]);
  });
});
