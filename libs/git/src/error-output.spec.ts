import { describe, expect, it } from 'vitest';
import { ErrorOutput } from './error-output.js';

describe('ErrorOutput', () => {
  it('reports the last state of a progress meter, however its output is split', () => {
    const lines: string[] = [];
    const output = new ErrorOutput([], (line) => lines.push(line));
    for (const piece of [
      'Receiving objects:  50',
      '% (1/2)\rReceiving objects: 100% (2/2)',
      ', done.\nlast',
    ]) {
      output.add(piece);
    }
    output.end();
    expect(lines).toEqual(['Receiving objects: 100% (2/2), done.', 'last']);
  });

  it('keeps the end of long output, without secrets', () => {
    const output = new ErrorOutput(['t0ken', '']);
    output.add('x'.repeat(100_000));
    for (let line = 0; line < 10_000; line += 1) output.add(`line ${line} has t0ken\n`);
    output.end();
    expect(output.text.length).toBeLessThanOrEqual(8192);
    expect(output.text).toMatch(/line 9999 has \*\*\*$/);
    expect(output.text).not.toContain('t0ken');
  });
});
