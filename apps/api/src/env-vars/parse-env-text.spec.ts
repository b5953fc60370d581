import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../http/problems/api-error.js';
import { parseEnvText } from './parse-env-text.js';

function problemsIn(text: string): string[] {
  try {
    parseEnvText(text);
  } catch (error) {
    if (error instanceof ApiError) return error.errors.map(({ field, message }) => `${field} ${message}`);
    throw error;
  }
  return [];
}

describe('parseEnvText', () => {
  it.each([
    'A=1',
    '\ufeffA=1\n',
    'A=1\r\nB=2\r\n',
    'A=1\rB=2',
    '# a comment\n\n  A = spaced  # and another\nB=\nC: yaml\n',
    'export A=1\n  export  B="two"',
    'A="first\n  second\n\n# third\nexport B=4\nC=5"\nD=6',
    "A='a \"quoted\" \\n text'\nB=`it's`",
    'A="tabs\\tand\\nlines"',
    'A=a=b=c==',
    `A=${'x'.repeat(30_000)}`,
    'A=ünïcödé 🚀',
  ])('reads %j as dotenv does', (text) => {
    const read = parseEnvText(text);
    expect(Object.fromEntries(read.map(({ key, value }) => [key, value]))).toEqual(parse(text));
  });

  it.each<[string, RegExp[]]>([
    ['A=1\nnonsense\nB=2', [/^lines\.2 must be NAME=value/]],
    ['A=1\n=2\nB', [/^lines\.3 /, /^lines\.2 has an invalid name/]],
    ['A="never closed\nB=2\nmore', [/^lines\.3 /]],
    ['A=1\nB=2\nA=3', [/^lines\.3 must not set the variable of line 1 again/]],
    ['A-B=1', [/^lines\.1 has an invalid name: it must have/]],
    ['1A=1', [/^lines\.1 has an invalid name/]],
    ['PORT=1\nNEXOS_X=2', [/^lines\.1 .*must not be PORT/, /^lines\.2 .*NEXOS_/]],
    ['__proto__=1\nconstructor=2\n__proto__=3', [/^lines\.3 must not set/]],
    ['A=a\0b', [/^lines\.1 has an invalid value: it must be/]],
    [`\n\nA=${'x'.repeat(32_769)}`, [/^lines\.3 has an invalid value: it must have at most/]],
    ['A=a\u2028b', [/^lines\.1 must not contain a line separator/]],
    ['', [/^lines must have at least one NAME=value/]],
    ['# nothing\n\n', [/^lines must have/]],
    ['\n'.repeat(30_000), [/^lines must be no more than/]],
    [Array.from({ length: 501 }, (_, i) => `A${i}=1`).join('\n'), [/^lines must have at most 500/]],
  ])('reports the lines that dotenv would drop or overwrite, case %#', (text, problems) => {
    const errors = problemsIn(text);
    expect(errors).toHaveLength(problems.length);
    problems.forEach((problem, i) => {
      expect(errors[i]).toMatch(problem);
    });
  });

  it.each([
    ['line feeds', '\n'.repeat(19_000)],
    ['spaces', ' '.repeat(1_000_000)],
    ['line separators', '\u2028'.repeat(300_000)],
    ['an unterminated quote', `A="${'\\"'.repeat(500_000)}`],
    ['unterminated quotes', `A='\nB="\nC=\`\n`.repeat(6_000)],
    ['an endless name', 'A'.repeat(1_000_000)],
    ['spaces around a character other than =', `A${' '.repeat(500_000)}!\nB=${' '.repeat(500_000)}`],
    ['exports', 'export '.repeat(140_000)],
    ['tabs and form feeds', `A=${'\t\f\v'.repeat(300_000)}'`],
  ])('finishes soon for text that consists of %s', (_, text) => {
    const started = performance.now();
    problemsIn(text);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
