import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { RepositoryConfigError } from './config-problem.js';
import { parseRepositoryConfig } from './parse-repository-config.js';
import { MAX_CONFIG_BYTES } from './yaml-source.js';

const LONG = inject('scale') === 'long';

/** Returns the problems of a file; rethrows any other error, which fails the test. */
function problemsIn(file: string | Uint8Array): readonly string[] {
  try {
    parseRepositoryConfig(typeof file === 'string' ? new TextEncoder().encode(file) : file);
  } catch (error) {
    if (error instanceof RepositoryConfigError) return error.sentences;
    throw error;
  }
  return [];
}

describe('parseRepositoryConfig on hostile input', () => {
  const filled = (text: string) => text.repeat(Math.floor(MAX_CONFIG_BYTES / text.length));
  it.each([
    ...[
      '[',
      '{',
      '- ',
      '? ',
      ': ',
      '{a: ',
      '[a: ',
      '- ? ',
      '[{',
      '{?',
      '&a ',
      '!!str ',
      '"',
      '\t',
      '\n',
      '#\n',
    ],
    ...[
      '---\n',
      'a\n...\n',
      '%\n',
      '%YAML 1.1\n',
      'a:\n',
      'a: b\n',
      '*a ',
      '|\n',
      '\\',
      '\0',
      "'",
      '"\\u',
      'a: |\n',
    ],
  ])(
    'finishes before the deadline when the file is full of %j',
    (text) => {
      expect(problemsIn(filled(text)).length).toBeLessThanOrEqual(20);
    },
    30_000,
  );

  it('does not expand nested aliases', () => {
    const levels = Array.from({ length: 20 }, (_, at) => `  V${at}: &v${at} [*v${at - 1}, *v${at - 1}]`);
    expect(problemsIn(`env:\n  V: &v-1 x\n${levels.join('\n')}`).length).toBeGreaterThan(0);
  });

  it('rejects deep nesting before composing the document', () => {
    expect(problemsIn(`${'['.repeat(30)}${']'.repeat(30)}`)).toEqual([
      'nexos.yaml: is nested deeper than 16 levels.',
    ]);
  });

  const piece = fc.constantFrom(
    ...[
      'app',
      'port',
      'env',
      'hooks',
      'on_new',
      'A',
      ':',
      ': ',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '"',
    ],
    ...[
      '&a ',
      '*a',
      '!!str ',
      '!',
      '|',
      '>',
      '#',
      '? ',
      '---\n',
      '%YAML 1.1\n',
      '\t',
      '\\',
      "'",
      '1',
      '0x',
      'true',
    ],
    ...['~', '<<', '\r', '\0', '\ud800', '\u2028', '@', '`'],
  );

  it('parses arbitrary text or throws a RepositoryConfigError', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (file) => {
        expect(problemsIn(file).length).toBeLessThanOrEqual(20);
      }),
      { numRuns: LONG ? 20_000 : 500 },
    );
  });

  it('parses arbitrary bytes or throws a RepositoryConfigError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (file) => {
        expect(problemsIn(file).length).toBeLessThanOrEqual(20);
      }),
      { numRuns: LONG ? 10_000 : 250 },
    );
  });
});
