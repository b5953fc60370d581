import { describe, expect, it } from 'vitest';
import { DatabaseTimeoutError, Responsiveness } from './responsiveness.js';

/** A check that the test answers. */
function fakePing() {
  const checks: { answer: () => void; fail: () => void }[] = [];
  const ping = () =>
    new Promise<void>((resolve, reject) => {
      checks.push({ answer: resolve, fail: () => reject(new Error('no answer')) });
    });
  return { checks, ping };
}

describe('Responsiveness', () => {
  it('checks nothing until a query times out', async () => {
    const { checks, ping } = fakePing();
    await new Responsiveness(ping).ensure();
    expect(checks).toEqual([]);
  });

  it('lets work begin after a timeout once a check succeeds, with one check for all', async () => {
    const { checks, ping } = fakePing();
    const responsiveness = new Responsiveness(ping);
    responsiveness.timedOut(performance.now());
    const all = Promise.all([responsiveness.ensure(), responsiveness.ensure()]);
    expect(checks).toHaveLength(1);
    checks[0]?.answer();
    await all;
    await responsiveness.ensure();
    expect(checks).toHaveLength(1);
  });

  it('fails work within half a second while a check gets no answer, and checks again later', async () => {
    const { checks, ping } = fakePing();
    const responsiveness = new Responsiveness(ping);
    responsiveness.timedOut(performance.now());
    const began = performance.now();
    await expect(responsiveness.ensure()).rejects.toThrow(DatabaseTimeoutError);
    await expect(responsiveness.ensure()).rejects.toThrow(DatabaseTimeoutError);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(checks).toHaveLength(1);
    checks[0]?.fail();
    await new Promise((resolve) => setImmediate(resolve));
    const later = responsiveness.ensure();
    expect(checks).toHaveLength(2);
    checks[1]?.answer();
    await later;
  });

  it('takes a query that timed out while others were answered for one that waits for a lock', async () => {
    const { checks, ping } = fakePing();
    const responsiveness = new Responsiveness(ping);
    const began = performance.now();
    responsiveness.answered();
    responsiveness.timedOut(began);
    await responsiveness.ensure();
    expect(checks).toEqual([]);
  });
});
