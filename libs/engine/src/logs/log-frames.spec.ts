import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineBeginnings, readFrames, type LogFrame } from './log-frames.js';
import { serviceLogLine } from './service-log-follow.js';

function framed(stream: number, content: Buffer | string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(Buffer.byteLength(content), 4);
  return Buffer.concat([header, Buffer.from(content)]);
}
async function* inPieces(all: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < all.length; at += size) yield await Promise.resolve(all.subarray(at, at + size));
}
async function framesOf(all: Buffer, size = all.length): Promise<LogFrame[]> {
  const frames: LogFrame[] = [];
  for await (const frame of readFrames(inPieces(all, size))) frames.push(frame);
  return frames;
}

describe('readFrames', () => {
  it('reads the same frames however the stream is split', async () => {
    const written = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })), {
      maxLength: 9,
    });
    await fc.assert(
      fc.asyncProperty(written, fc.integer({ min: 1, max: 60 }), async (parts, size) => {
        const all = Buffer.concat(parts.map(([stream, content]) => framed(stream, Buffer.from(content))));
        expect(await framesOf(all, size)).toEqual(
          parts.map(([stream, content]) => ({
            stream: stream === 1 ? 'stdout' : 'stderr',
            content: Buffer.from(content),
          })),
        );
      }),
    );
  });

  it.each([
    ['an unknown stream', framed(3, 'x')],
    ['a frame that is too long', Buffer.from([1, 0, 0, 0, 255, 255, 255, 255])],
  ])('rejects %s', async (_, all) => {
    await expect(framesOf(all)).rejects.toThrow('cannot be read');
  });

  it('leaves out a truncated frame', async () => {
    expect(await framesOf(framed(1, 'whole\n').subarray(0, 10))).toEqual([]);
  });
});

describe('serviceLogLine', () => {
  const lineOf = (content: string | Buffer) =>
    serviceLogLine({ stream: 'stderr', content: Buffer.from(content) });
  const DETAILS = 'com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=t1';

  it('returns the time, the task, and the text with all its spaces', () => {
    expect(lineOf(`2026-11-26T11:01:11.675449988Z ${DETAILS}  two  words \n`)).toEqual({
      time: '2026-11-26T11:01:11.675449988Z',
      task: 't1',
      stream: 'stderr',
      text: ' two  words ',
    });
  });

  it('accepts a text that is empty or looks like details', () => {
    expect(lineOf(`2026-11-26T11:01:11Z ${DETAILS} \n`).text).toBe('');
    expect(lineOf(`2026-11-26T11:01:11Z ${DETAILS} com.docker.swarm.task.id=t2 x\n`)).toMatchObject({
      task: 't1',
      text: 'com.docker.swarm.task.id=t2 x',
    });
  });

  it('strips terminal escapes, control characters and overwritten text', () => {
    expect(lineOf(`2026-11-26T11:01:11Z ${DETAILS} 1 %\r99 %\u001b[31m\u0000\u0007\r\n`).text).toBe('99 %');
    const binary = Buffer.concat([
      Buffer.from(`2026-11-26T11:01:11Z ${DETAILS} `),
      Buffer.alloc(20_000, 0xff),
    ]);
    expect(Buffer.byteLength(lineOf(binary).text)).toBeLessThanOrEqual(8_192);
  });
});

describe('LineBeginnings', () => {
  it('recognizes the first piece of each line, separately for each writer', () => {
    const beginnings = new LineBeginnings();
    const is = (writer: string, text: string) =>
      beginnings.isBeginning(writer, { stream: 'stdout', content: Buffer.from(text) });
    expect([is('a', 'xx'), is('b', 'whole\n'), is('a', 'xx'), is('a', 'end\n'), is('a', 'next\n')]).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
  });
});
