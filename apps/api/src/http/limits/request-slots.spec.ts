import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { QueueTimeoutError } from './fair-queue.js';
import { RequestSlots, SLOTS_PER_ACCOUNT } from './request-slots.js';

/** A response that its client receives when `close` is emitted. */
function fakeResponse(): ServerResponse {
  const response = Object.assign(new EventEmitter(), {
    destroyed: false,
    destroy: () => {
      response.destroyed = true;
      response.emit('close');
    },
  });
  return response as unknown as ServerResponse;
}

describe('RequestSlots', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  /** Takes all slots of an account. */
  async function filled() {
    const slots = new RequestSlots();
    const responses = Array.from({ length: SLOTS_PER_ACCOUNT }, fakeResponse);
    const taken = await Promise.all(responses.map((response) => slots.take('greedy', response)));
    return { slots, responses, taken };
  }
  /** Returns whether a request gets a slot without time passing. */
  async function begins(slots: RequestSlots, account = 'greedy') {
    const began = vi.fn();
    const taking = slots.take(account, fakeResponse());
    void taking.then(began, () => undefined);
    await vi.advanceTimersByTimeAsync(0);
    return { hasBegun: began.mock.calls.length > 0, taking };
  }

  it('has requests of an account wait while its slots are taken, and those of another account not', async () => {
    const { slots } = await filled();
    expect((await begins(slots, 'another')).hasBegun).toBe(true);
    const { hasBegun, taking } = await begins(slots);
    expect(hasBegun).toBe(false);
    const refusal = expect(taking).rejects.toThrow(QueueTimeoutError);
    await vi.advanceTimersByTimeAsync(10_000);
    await refusal;
  });

  it('frees a slot once the request is handled and its response is received', async () => {
    const { slots, responses, taken } = await filled();
    responses[0]?.emit('close');
    expect((await begins(slots)).hasBegun).toBe(false);
    taken[1]?.handled();
    expect((await begins(slots)).hasBegun).toBe(false);
    responses[1]?.emit('close');
    const { taking } = await begins(slots);
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(taking).rejects.toThrow(QueueTimeoutError);
  });

  it('frees the slot of a handled request whose client is gone', async () => {
    const { slots, responses, taken } = await filled();
    responses[0]?.destroy();
    taken[0]?.handled();
    expect((await begins(slots)).hasBegun).toBe(true);
  });

  it('frees the slot of a request that only waits, once', async () => {
    const { slots, responses, taken } = await filled();
    const [first] = responses;
    if (first === undefined) throw new Error('There is no response.');
    slots.release(first);
    expect((await begins(slots)).hasBegun).toBe(true);
    slots.release(first);
    taken[0]?.handled();
    first.emit('close');
    expect((await begins(slots)).hasBegun).toBe(false);
  });

  it('refuses at once when too many requests of the account wait', async () => {
    const { slots } = await filled();
    const waiting = Array.from({ length: 1_000 }, () => slots.take('greedy', fakeResponse()));
    const all = Promise.allSettled(waiting);
    await expect(slots.take('greedy', fakeResponse())).rejects.toThrow(QueueTimeoutError);
    await vi.advanceTimersByTimeAsync(10_000);
    await all;
  });

  it('cuts off a client that has not received its response for half a minute, when the slot is needed', async () => {
    const { slots, responses, taken } = await filled();
    taken[3]?.handled();
    await vi.advanceTimersByTimeAsync(29_000);
    expect((await begins(slots)).hasBegun).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(responses[3]?.destroyed).toBe(false);
    await begins(slots);
    expect(responses.map(({ destroyed }) => destroyed).indexOf(true)).toBe(3);
    expect(responses.filter(({ destroyed }) => destroyed)).toHaveLength(1);
  });

  it('cuts off no client whose request is still handled', async () => {
    const { slots, responses } = await filled();
    await vi.advanceTimersByTimeAsync(60_000);
    await begins(slots);
    expect(responses.filter(({ destroyed }) => destroyed)).toEqual([]);
  });
});
