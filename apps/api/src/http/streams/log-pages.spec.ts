import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { describe, expect, it, vi } from 'vitest';
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

describe('LogPages', () => {
  it('cuts off the slowest readers when too much waits to be received', async () => {
    const pages = new LogPages();
    const replies = Array.from({ length: 26 }, fakeReply);
    for (const { reply } of replies) {
      await pages.send(reply, () => Promise.resolve({ body: {}, bytes: MAX_PAGE_BYTES }));
    }
    expect(replies.map(({ raw }) => raw.destroyed)).toEqual(replies.map((_, index) => index < 2));
  });

  it('cuts off nobody whose page was received', async () => {
    const pages = new LogPages();
    const replies = Array.from({ length: 40 }, fakeReply);
    for (const { reply, raw } of replies) {
      await pages.send(reply, () => Promise.resolve({ body: {}, bytes: MAX_PAGE_BYTES }));
      raw.emit('close');
    }
    expect(replies.filter(({ raw }) => raw.destroyed)).toEqual([]);
  });

  it('reads nothing for a client that has disconnected', async () => {
    const { reply, raw, send } = fakeReply();
    raw.destroy();
    const read = vi.fn();
    await new LogPages().send(reply, read);
    expect(read).not.toHaveBeenCalled();
    expect(send).not.toHaveBeenCalled();
  });

  it('reads a few pages at a time, and refuses with 503 those that would wait too long', async () => {
    vi.useFakeTimers();
    try {
      const pages = new LogPages();
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      let reading = 0;
      const sends = Array.from({ length: 10 }, () =>
        pages.send(fakeReply().reply, async () => {
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
    } finally {
      vi.useRealTimers();
    }
  });
});
