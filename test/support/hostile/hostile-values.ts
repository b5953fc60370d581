import fc from 'fast-check';

/** Returns an object with an own field named `__proto__`, which only JSON can create. */
const proto = () => JSON.parse('{"__proto__":{"isOperator":true},"constructor":{"prototype":{}}}') as unknown;

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Texts that have broken software before. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '\0',
      'a\0b',
      '\ud800',
      '\u202e',
      '🚀',
      'x'.repeat(300),
      'x'.repeat(100_000),
      '../../etc/passwd',
    ],
    ...["'; DROP TABLE projects; --", '${7*7}', '{{7*7}}', '%00', '\r\nx: y', 'null', 'true', '-1', '1e999'],
    ...['__proto__', 'constructor', 'toString', 'NaN', '0x10', '٣', '[object Object]'],
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
);

/** Values of any type that JSON has. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, false, 0, -0, -1, 0.1, 1e308, -1e308, 2 ** 53, 65_536, [], {}, [[]], [null]),
  fc.constantFrom(
    proto(),
    nested(50),
    nested(2_000),
    Array.from({ length: 5_000 }, () => 'x'),
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Header values that HTTP allows. */
export const hostileHeader: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    'x',
    '*',
    '"',
    ',',
    '0',
    '-1',
    'a b',
    'é',
    'x'.repeat(4_000),
    "' OR 1=1",
    'null',
    '%00',
  ),
  fc.stringMatching(/^[\x21-\x7e]{1,80}$/),
  fc.stringMatching(/^[\xa1-\xff]{1,20}$/),
);

/** One segment of a path, as written in the URL. */
export const hostileSegment: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'x',
    '%00',
    'a%00b',
    '%ZZ',
    '%C3%28',
    '..%2f..%2fetc',
    '%2e%2e',
    '%20',
    '%0a',
    "'",
    '*',
    '1',
  ),
  fc.constantFrom('x'.repeat(190), 'x'.repeat(3_000), '%F0%9F%9A%80', 'PROJ_01K00000000000000000000000'),
  fc.constantFrom('undefined', 'null', '__proto__', 'constructor', '%3Fa=1', '%23', ';', ',', '{id}'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map(encodeURIComponent),
);
