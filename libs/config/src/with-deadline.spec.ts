import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withDeadline } from './with-deadline.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Returns the error that a signal aborts with, which nothing but the promise waits for. */
function abortOf(signal: AbortSignal): Promise<Error> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(signal.reason as Error);
    });
  });
}

describe('withDeadline', () => {
  it('aborts after the time, although its parts could be collected', async () => {
    const stopping = new AbortController();
    const aborts = [
      abortOf(withDeadline(stopping.signal, 100)),
      abortOf(withDeadline(withDeadline(stopping.signal, 100), 60_000)),
      abortOf(withDeadline(withDeadline(stopping.signal, 60_000), 100)),
    ];
    await wait(10);
    collectGarbage();
    const errors = await Promise.race([Promise.all(aborts), wait(2_000, [])]);
    expect(errors.map(({ name }) => name)).toEqual(aborts.map(() => 'TimeoutError'));
  });

  it('aborts with the signal', async () => {
    const stopping = new AbortController();
    const abort = abortOf(withDeadline(stopping.signal, 60_000));
    stopping.abort(new Error('the process is stopping'));
    expect((await abort).message).toBe('the process is stopping');
  });
});
