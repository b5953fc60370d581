import { type ServiceLogLine } from '@nexos/engine';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { RuntimeLogBatch } from './runtime-log-batch.js';

const BEGAN = Date.parse('2026-11-26T11:00:00Z');
let now: number;
beforeEach(() => {
  now = BEGAN;
});
const clock = () => now;

/** A line of so many nanoseconds after the beginning. */
function line(nanoseconds: number, text = String(nanoseconds), task = 't1'): ServiceLogLine {
  return {
    time: `2026-11-26T11:00:00.${String(nanoseconds).padStart(9, '0')}Z`,
    task,
    stream: 'stdout',
    text,
  };
}
const at = (nanoseconds: number) => `${BigInt(BEGAN) * 1_000_000n + BigInt(nanoseconds)}`;
/** A batch that has its history behind it. */
function live(): RuntimeLogBatch {
  const batch = new RuntimeLogBatch(null, clock);
  batch.take();
  return batch;
}
const textsOf = (lines: readonly { text: string }[]) => lines.map(({ text }) => text);

describe('the lines of an app', () => {
  it('are sorted by the engine’s time over all containers, those of one moment counted', () => {
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

  it('have the same places again, and none twice, for whoever goes on in their middle', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 30 }), fc.nat(), (times, n) => {
        const written = times.sort((a, b) => a - b).map((time, i) => line(time, `line ${i}`));
        const whole = new RuntimeLogBatch(null, clock);
        for (const one of written) whole.add(one);
        const all = whole.take();
        const seen = n % all.length;
        const resumed = new RuntimeLogBatch(all[seen] ?? null, clock);
        // The engine begins with all lines of the moment that was seen last.
        for (const one of written) resumed.add(one);
        expect(resumed.take()).toEqual(all.slice(seen + 1));
      }),
    );
  });

  it('go up from batch to batch, also where one comes later than its time says', () => {
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

  it('without a time are none', () => {
    const batch = live();
    batch.add({ ...line(1), time: 'yesterday' });
    expect(batch.take()).toEqual([]);
  });
});

describe('the history', () => {
  it('is its last thousand lines, whatever many containers wrote', () => {
    const batch = new RuntimeLogBatch(null, clock);
    for (let i = 5_000; i > 0; i--) batch.add(line(i));
    const texts = textsOf(batch.take());
    expect(texts).toHaveLength(1_000);
    expect([texts[0], texts.at(-1)]).toEqual(['4001', '5000']);
  });

  it('has a bound in bytes, too', () => {
    const batch = new RuntimeLogBatch(null, clock);
    for (let i = 1; i <= 1_500; i++) batch.add(line(i, 'x'.repeat(8_000)));
    const bytes = batch.take().reduce((sum, { text }) => sum + text.length, 0);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThanOrEqual(2 * 1024 * 1024);
  });
});

describe('a flood', () => {
  it('is cut to a thousand lines a second, and it is said how many were left out', () => {
    const batch = live();
    for (let i = 1; i <= 2_500; i++) batch.add(line(i));
    expect(batch.take()).toHaveLength(1_000);
    now += 1_000;
    const [said, ...none] = batch.take();
    expect(none).toEqual([]);
    expect(said).toMatchObject({
      stream: 'system',
      text: '1500 lines were left out: the app writes more than 1000 lines or 512 KiB a second',
      nanoseconds: at(1_000),
      ordinal: 1,
    });
    batch.add(line(3_000));
    expect(textsOf(batch.take())).toEqual(['3000']);
  });

  it('of long lines is cut by their bytes', () => {
    const batch = live();
    for (let i = 1; i <= 200; i++) batch.add(line(i, 'x'.repeat(8_192)));
    expect(batch.take()).toHaveLength(64);
  });

  it('that is read much later than it was written is to be read from its end', () => {
    const batch = live();
    now += 60_000;
    for (let i = 1; i <= 1_000; i++) batch.add(line(i));
    expect(batch.isBehind).toBe(false);
    batch.add(line(1_001));
    expect(batch.isBehind).toBe(true);
  });
});
