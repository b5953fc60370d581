import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type LogLine } from '@nexos/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, decodeLine, divideArchive, encodeArchive, encodeLine } from './log-codec.js';

const unpack = promisify(gunzip);
const lineOf = (text: string, index: number): LogLine => ({
  writer: 1,
  sequence: index + 1,
  time: '2026-04-10T12:00:00.000Z',
  stream: 'stdout',
  text,
});
/** Logs of any text, from empty ones to several frames. */
const logs = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 8 }).chain((texts) =>
  fc.nat(300).map((times) =>
    Array.from({ length: times }, () => texts)
      .flat()
      .map(lineOf),
  ),
);

/** Decodes an archive frame by frame. */
async function framesIn({
  content,
  frames,
}: Awaited<ReturnType<typeof encodeArchive>>): Promise<LogLine[][]> {
  const ends = frames.filter((_, index) => index % 2 === 1);
  return Promise.all(ends.map((end, index) => decodeFrame(content.subarray(ends[index - 1] ?? 0, end))));
}

describe('encodeArchive', () => {
  it('divides any log into frames that can be read one by one, and that are one gzip file of its lines', async () => {
    await fc.assert(
      fc.asyncProperty(logs, async (lines) => {
        const archive = await encodeArchive(lines);
        const frames = await framesIn(archive);
        expect(frames.flat()).toEqual(lines);
        expect(frames.map((frame) => frame.at(-1)?.sequence)).toEqual(
          archive.frames.filter((_, index) => index % 2 === 0),
        );
        const text = (await unpack(archive.content)).toString();
        expect(text === '' ? [] : text.split('\n').map(decodeLine)).toEqual(lines);
      }),
      { numRuns: 30 },
    );
  });

  it('bounds the size of a frame', async () => {
    const { frames } = await encodeArchive(
      Array.from({ length: 100 }, (_, index) => lineOf('x'.repeat(8_192), index)),
    );
    expect(frames.filter((_, index) => index % 2 === 0).slice(0, 3)).toEqual([4, 8, 12]);
  });
});

describe('divideArchive', () => {
  it('turns an archive of an earlier version into the same frames', async () => {
    await fc.assert(
      fc.asyncProperty(logs, async (lines) => {
        const earlier = await promisify(gzip)(lines.map(encodeLine).join('\n'));
        expect(await divideArchive(earlier)).toEqual(await encodeArchive(lines));
      }),
      { numRuns: 30 },
    );
  });

  it('fails on an archive that is cut short', async () => {
    const earlier = await promisify(gzip)(encodeLine(lineOf('x', 0)));
    await expect(divideArchive(earlier.subarray(0, -9))).rejects.toThrow();
  });
});
