import { IngressUnavailableError, type ProbeResult } from '@nexos/ingress';
import { afterEach, describe, expect, it } from 'vitest';
import { StartProbes } from './start-probes.js';

const { signal } = new AbortController();
const answered = (status: number): ProbeResult => ({ kind: 'answered', status });
const REFUSED: ProbeResult = { kind: 'refused' };

/** Resolves when the probe's time is up, or rejects when it is ended. */
function silence(timeoutMs: number, ended: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ kind: 'timeout' }), timeoutMs);
    ended.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(ended.reason as Error);
    });
  });
}

describe('StartProbes', () => {
  let probes: StartProbes;
  afterEach(() => probes.stop());

  /** Probes until the app is healthy or the time is up; returns whether it is healthy. */
  async function run(
    forMs: number,
    send: (timeoutMs: number, ended: AbortSignal, number: number) => Promise<ProbeResult>,
  ): Promise<boolean> {
    let number = 0;
    const until = Date.now() + forMs;
    probes = new StartProbes(until, (timeoutMs, ended) => send(timeoutMs, ended, ++number));
    while (Date.now() < until) if (await probes.next(5, signal)) return true;
    return false;
  }

  it('gives a probe all the time that is left, and takes its late answer', async () => {
    const given: number[] = [];
    const late = (timeoutMs: number): Promise<ProbeResult> => {
      given.push(timeoutMs);
      return new Promise((resolve) => setTimeout(() => resolve(answered(200)), 600));
    };
    expect(await run(60_000, late)).toBe(true);
    expect(given).toEqual([expect.toSatisfy((ms: number) => ms > 59_000 && ms <= 60_000)]);
  });

  it('sends others beside one that is not answered', async () => {
    const began = Date.now();
    const send = (timeoutMs: number, ended: AbortSignal, number: number) =>
      number === 1 ? silence(timeoutMs, ended) : Promise.resolve(answered(204));
    expect(await run(60_000, send)).toBe(true);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('ends the probes under way when it stops', async () => {
    let isEnded = false;
    await run(300, (_timeoutMs, ended) => {
      ended.addEventListener('abort', () => (isEnded = true));
      return silence(60_000, ended);
    });
    probes.stop();
    expect(isEnded).toBe(true);
  });

  it.each<[string, number, (number: number) => ProbeResult | null, ProbeResult]>([
    ['a refusal', 300, () => REFUSED, REFUSED],
    ['silence after refusals', 1_000, (number) => (number < 3 ? REFUSED : null), { kind: 'timeout' }],
    [
      'an error response before silence',
      1_000,
      (number) => (number === 1 ? answered(503) : null),
      answered(503),
    ],
    ['silence from the start', 300, () => null, { kind: 'timeout' }],
  ])('finds %s', async (_what, forMs, resultOf, finding) => {
    const send = (timeoutMs: number, ended: AbortSignal, number: number) => {
      const result = resultOf(number);
      return result === null ? silence(timeoutMs, ended) : Promise.resolve(result);
    };
    expect(await run(forMs, send)).toBe(false);
    expect(probes.finding()).toEqual(finding);
  });

  it('does not take a refusal for silence because the end of the time cuts off the last probe', async () => {
    const until = Date.now() + 300;
    const send = (timeoutMs: number, ended: AbortSignal) =>
      Date.now() > until - 100 ? silence(timeoutMs, ended) : Promise.resolve(REFUSED);
    expect(await run(300, send)).toBe(false);
    expect(probes.finding()).toEqual(REFUSED);
  });

  it('passes on that the ingress does not answer', async () => {
    const error = new IngressUnavailableError('gone');
    await expect(run(1_000, () => Promise.reject(error))).rejects.toBe(error);
  });
});
