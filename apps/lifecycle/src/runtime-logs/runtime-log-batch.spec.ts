import { type ServiceLogLine } from '@nexos/engine';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { RuntimeLogBatch } from './runtime-log-batch.js';

const START = Date.parse('2026-11-26T11:00:00Z');
let now: number;
beforeEach(() => {
  now = START;
});
const clock = () => now;

/** A line at this many nanoseconds after the start. */
function line(nanoseconds: number, text = String(nanoseconds), task = 't1'): ServiceLogLine {
  return {
    time: `2026-11-26T11:00:00.${String(nanoseconds).padStart(9, '0')}Z`,
    task,
    stream: 'stdout',
    text,
  };
}
const at = (nanoseconds: number) => `${BigInt(START) * 1_000_000n + BigInt(nanoseconds)}`;
/** A batch past its history. */
function live(): RuntimeLogBatch {
  const batch = new RuntimeLogBatch(null, clock);
  batch.take();
  return batch;
}
const textsOf = (lines: readonly { text: string }[]) => lines.map(({ text }) => text);

describe('RuntimeLogBatch', () => {
  it('sorts the lines of all containers by the engine’s time and counts those of one moment', () => {
    const batch = new RuntimeLogBatch(null, clock);
    for (const one of [line(5, 'e', 't2'), line(2, 'b'), line(2, 'c'), line(1, 'a'), line(4, 'd')])
      batch.add(one);
    const lines = batch.take();
    expect(textsOf(lines)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(lines.map(({ nanoseconds, ordinal }) => [nanoseconds, ordinal])).toEqual([
      [at(1), 0],
      [at(2), 0],
      [at(2), 1],
      [at(4), 0],
      [at(5), 0],
    ]);
  });

  it('gives lines the same places after a resumption, without repeating any', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 30 }), fc.nat(), (times, n) => {
        const written = times.sort((a, b) => a - b).map((time, i) => line(time, `line ${i}`));
        const whole = new RuntimeLogBatch(null, clock);
        for (const one of written) whole.add(one);
        const all = whole.take();
        const seen = n % all.length;
        const resumed = new RuntimeLogBatch(all[seen] ?? null, clock);
        // The engine repeats all lines of the last known moment.
        for (const one of written) resumed.add(one);
        expect(resumed.take()).toEqual(all.slice(seen + 1));
      }),
    );
  });

  it('places a late line after the lines of earlier batches', () => {
    const batch = live();
    batch.add(line(10));
    const [first] = batch.take();
    batch.add(line(9, 'late'));
    batch.add(line(11));
    const [late, next] = batch.take();
    expect(first).toMatchObject({ nanoseconds: at(10), ordinal: 0 });
    expect(late).toMatchObject({ nanoseconds: at(10), ordinal: 1, text: 'late' });
    expect(next).toMatchObject({ nanoseconds: at(11), ordinal: 0 });
  });

  it('ignores a line without a valid time', () => {
    const batch = live();
    batch.add({ ...line(1), time: 'yesterday' });
    expect(batch.take()).toEqual([]);
  });
});

describe('RuntimeLogBatch history', () => {
  it('keeps the last thousand lines of all containers', () => {
    const batch = new RuntimeLogBatch(null, clock);
    for (let i = 5_000; i > 0; i--) batch.add(line(i));
    const texts = textsOf(batch.take());
    expect(texts).toHaveLength(1_000);
    expect([texts[0], texts.at(-1)]).toEqual(['4001', '5000']);
  });

  it('is limited in bytes as well', () => {
    const batch = new RuntimeLogBatch(null, clock);
    for (let i = 1; i <= 1_500; i++) batch.add(line(i, 'x'.repeat(8_000)));
    const bytes = batch.take().reduce((sum, { text }) => sum + text.length, 0);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThanOrEqual(2 * 1024 * 1024);
  });
});

describe('RuntimeLogBatch rate limit', () => {
  it('drops lines beyond a thousand per second and reports how many', () => {
    const batch = live();
    for (let i = 1; i <= 2_500; i++) batch.add(line(i));
    expect(batch.take()).toHaveLength(1_000);
    now += 1_000;
    const [notice, ...none] = batch.take();
    expect(none).toEqual([]);
    expect(notice).toMatchObject({
      stream: 'system',
      text: '1500 lines were dropped: the app writes more than 1000 lines or 512 KiB per second',
      nanoseconds: at(1_000),
      ordinal: 1,
    });
    batch.add(line(3_000));
    expect(textsOf(batch.take())).toEqual(['3000']);
  });

  it('drops long lines by their bytes', () => {
    const batch = live();
    for (let i = 1; i <= 200; i++) batch.add(line(i, 'x'.repeat(8_192)));
    expect(batch.take()).toHaveLength(64);
  });

  it('falls behind when lines are read much later than they were written', () => {
    const batch = live();
    now += 60_000;
    for (let i = 1; i <= 1_000; i++) batch.add(line(i));
    expect(batch.isBehind).toBe(false);
    batch.add(line(1_001));
    expect(batch.isBehind).toBe(true);
  });
});
