import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineAssembler, MAX_LINE_BYTES, cleanLine } from './log-text.js';

function assemble(...pieces: (string | Uint8Array)[]): string[] {
  const assembler = new LineAssembler();
  const lines = pieces.flatMap((piece) => assembler.push(Buffer.from(piece as string)));
  return [...lines, ...assembler.end()];
}

describe('cleanLine', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]8;;http://x\u0007link\u001b]8;;\u0007', 'link'],
    ['bell\u0007 back\b\u0000\u009b0m', 'bell back'],
    ['\ttab and ünïcode 🚀', '\ttab and ünïcode 🚀'],
  ])('makes %j harmless', (text, clean) => {
    expect(cleanLine(text)).toBe(clean);
  });

  it('keeps every line short and well-formed, and handles hostile lines fast', () => {
    for (const piece of ['🚀', 'ä', '\u001b[', '\u001b]8;;', 'x']) {
      const line = cleanLine(piece.repeat(500_000));
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(MAX_LINE_BYTES);
      expect(Buffer.from(line).toString()).toBe(line);
    }
    expect(cleanLine('x'.repeat(9_000))).toMatch(/x … \(line cut\)$/);
  }, 2_000);
});

describe('LineAssembler', () => {
  it('returns the same lines however the output is split', () => {
    const output = Buffer.from('one\r\ntwö 🚀\n\nold\rnew\r\r\nlast');
    fc.assert(
      fc.property(fc.array(fc.nat(output.length)), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), output.length];
        const pieces = places.slice(1).map((end, i) => output.subarray(places[i], end));
        expect(assemble(...pieces)).toEqual(['one', 'twö 🚀', '', 'new', 'last']);
      }),
    );
  });

  it('replaces a broken character and keeps the text around it', () => {
    expect(assemble(Buffer.from([0x61, 0xc3, 0x0a, 0x62]))).toEqual(['a\ufffd', 'b']);
  });

  it('bounds its memory on a line that never ends', () => {
    const assembler = new LineAssembler();
    for (let i = 0; i < 2_000; i++) expect(assembler.push(Buffer.alloc(1_000, 'y'))).toEqual([]);
    expect(assembler.end()[0]).toHaveLength(MAX_LINE_BYTES - 2);
  });
});
