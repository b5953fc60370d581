import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RepositoryConfigError } from './config-problem.js';
import { FILE_SETTINGS } from '../all-settings.js';
import { type Field, FILE_SHAPE } from './file-shape.js';
import type { JsonSchema } from '../value-schema.js';
import { repositoryConfigSchema } from './json-schema.js';
import { parseRepositoryConfig } from './parse-repository-config.js';

const OFFER = { postgres: ['15', '16', '17.4'], redis: ['7', 'alpha'], s3: [] };
const accepts = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictTuples: false,
  strictRequired: false,
}).compile(repositoryConfigSchema(OFFER));

/** Parses a value as JSON, which is YAML. */
function isParsed(value: unknown): boolean {
  try {
    parseRepositoryConfig(new TextEncoder().encode(JSON.stringify(value)), OFFER);
    return true;
  } catch (error) {
    if (error instanceof RepositoryConfigError) return false;
    throw error;
  }
}

/** Returns every field of the shape with its path. */
function fieldsOf(field: Field, path: readonly string[] = []): { path: readonly string[]; field: Field }[] {
  const inner =
    field.kind === 'section'
      ? Object.entries(field.fields).flatMap(([name, one]) => fieldsOf(one, [...path, name]))
      : [];
  return [{ path, field }, ...inner];
}

const within = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight((inner, name) => ({ [name]: inner }), value);

/** Returns the defaults in a schema, by path. */
function defaultsIn({ properties = {}, ...own }: JsonSchema, path: readonly string[] = []): object {
  const inner = Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) =>
    defaultsIn(schema, [...path, name]),
  );
  return Object.assign('default' in own ? { [path.join('.')]: own.default } : {}, ...inner) as object;
}

const FIELDS = fieldsOf(FILE_SHAPE).filter(({ path }) => path.length > 0);

/** Values at, or just beyond, a bound of some rule. */
const TEXTS = [
  ...'/ // /health /a/../b /a/./b /# /ä . .. a/.. ../a a/../b a..b /etc a\\b Dockerfile 8080 true'.split(' '),
  ...['', '/a b', 'a\nb', 'a\u2028/../b', '\0', '\ud800'],
  ...[200, 255, 256, 4096, 4097, 32_768, 32_769].map((length) => 'a'.repeat(length)),
  '😀'.repeat(200),
];
const BOUNDS = FILE_SETTINGS.flatMap(([, setting]) =>
  'least' in setting ? [setting.least, setting.most] : [],
);
const NUMBERS = [...BOUNDS.flatMap((bound) => [bound - 1, bound, bound + 1]), 0.049, 64.5, 80.5, 1e300];
const NAMES = [
  ...'A _ a1 1a a-b << ä PORT PORTS NEXOS_ NEXOS_X NEXOS DATABASE_URL S3_SECRET_KEY'.split(' '),
  ...'BUILDKIT_SYNTAX BUILDKIT_ BUILDKIT constructor port on_new'.split(' '),
  ...['', 'A B', 'A\n', 'A'.repeat(128), 'A'.repeat(129)],
];
const SCALARS = [...TEXTS, ...NUMBERS, true, false, null];
const EDGES = JSON.parse(
  JSON.stringify([
    ...SCALARS,
    ...SCALARS.flatMap((one) => [[one], ['a', one], { A: one }]),
    ...NAMES.map((name) => ({ [name]: 'a' })),
    ...[0, 64, 65].map((count) => Array.from({ length: count }, () => 'a')),
    ...[0, 500, 501].map((count) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`V${at}`, at])),
    ),
    { A: ['a'] },
    { A: {} },
    {},
    ...['16', 16, '15', '7', 17.4, 17, 'a b', null].map((version) => ({ version })),
    ...[true, false, null].map((enabled) => ({ enabled, version: '16' })),
    { enabled: false, version: 'x'.repeat(33) },
    ...[15, 16, 16_777_216, 16_777_217, 20.5, '64', null].map((storageMb) => ({ storageMb })),
    { enabled: false, storageMb: 64, version: '99' },
    { enabled: true, storage_mb: 64 },
    'prod',
    'dev',
  ]),
) as unknown[];

const scalar = fc.oneof(
  fc.constantFrom(...SCALARS),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary', maxLength: 8 }));
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 4 }),
  fc.dictionary(name, scalar, { maxKeys: 3 }),
);

describe('repositoryConfigSchema', () => {
  it.each(FIELDS)('accepts exactly the values that the parser accepts for $path', ({ path }) => {
    const files = EDGES.map((one) => within(path, one));
    expect(files.filter((file) => isParsed(file) !== accepts(file))).toEqual([]);
    expect(files.filter(isParsed).length).toBeGreaterThan(0);
    fc.assert(
      fc.property(value, (one) => {
        const file = within(path, one);
        expect(isParsed(file)).toBe(accepts(file));
      }),
      { numRuns: 100 },
    );
  });

  it('rejects an unknown field at every level, as the parser does', () => {
    for (const { path, field } of FIELDS.filter((one) => one.field.kind === 'section')) {
      const file = within([...path, 'unknown'], 1);
      expect({ field: field.title, parsed: isParsed(file), accepted: accepts(file) }).toEqual({
        field: field.title,
        parsed: false,
        accepted: false,
      });
    }
    expect([isParsed({ unknown: 1 }), accepts({ unknown: 1 })]).toEqual([false, false]);
  });

  it('accepts one of the two names of a field, not both', () => {
    for (const [file, isValid] of [
      [{ app: { memory: 512 } }, true],
      [{ app: { memory_mb: 512 } }, true],
      [{ app: { memory: 512, memory_mb: 512 } }, false],
    ] as const) {
      expect([isParsed(file), accepts(file)]).toEqual([isValid, isValid]);
    }
  });

  it.each(FIELDS)(
    'has a title, a description, and a valid default and examples for $path',
    ({ path, field }) => {
      expect(field.title).toMatch(/^[A-Z]/);
      expect(field.description).toMatch(/^[A-Z].*\.$/);
      const isSetting = 'default' in field && field.default !== null;
      const values = [...(field.examples ?? []), ...(isSetting ? [field.default] : [])];
      for (const one of values) {
        expect([isParsed(within(path, one)), accepts(within(path, one))]).toEqual([true, true]);
      }
    },
  );

  it('has the default of each setting that has one', () => {
    const withDefault = FILE_SETTINGS.filter(([, setting]) => setting.default !== null);
    const defaults = withDefault.flatMap(([, { file, alias, default: initial }]) => [
      [file, initial] as const,
      ...(alias === undefined ? [] : [[file.replace(/[^.]+$/, alias), initial] as const]),
    ]);
    expect(defaultsIn(repositoryConfigSchema(OFFER))).toEqual(Object.fromEntries(defaults));
    expect(defaultsIn(repositoryConfigSchema(OFFER))).toMatchObject({
      'build.dockerfile': 'Dockerfile',
      'build.context': '.',
      'app.port': 3000,
      'app.cpu': 0.5,
      'app.memory_mb': 512,
      'app.health_check_path': '/',
      'services.postgres': false,
      'services.redis': false,
      'services.s3': false,
    });
  });
});
