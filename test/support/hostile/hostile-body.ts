import fc from 'fast-check';
import type { ApiOperation } from '../nexos/api-document.js';
import { hostileText, hostileValue } from './hostile-values.js';

export interface HostileBody {
  readonly type: string | undefined;
  readonly bytes: Uint8Array;
}

type Path = readonly string[];
const encode = (text: string) => new TextEncoder().encode(text);

const TYPES = fc.constantFrom(
  ...[
    'application/json',
    'application/json; charset=utf-8',
    'application/json; charset=utf-16',
    'APPLICATION/JSON',
  ],
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonx',
    'x',
    undefined,
  ],
);
/** Invalid JSON, or JSON other than an object. */
const GARBAGE: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc
    .constantFrom(
      '',
      ' ',
      '{',
      '{"a":',
      '[',
      '[]',
      'null',
      '1',
      '"x"',
      '{"a":1}{"b":2}',
      '\0',
      '\ufeff{}',
      '{"a":1,}',
    )
    .map(encode),
  fc.constantFrom(`${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'x'.repeat(1_200_000)).map(encode),
  fc.uint8Array({ maxLength: 200 }),
  hostileText.map(encode),
);

/** Generates bodies from valid ones down to plain noise; none for GET and HEAD. */
export function hostileBody({ method, bodies }: ApiOperation): fc.Arbitrary<HostileBody | undefined> {
  if (method === 'GET' || method === 'HEAD') return fc.constant(undefined);
  const shaped = Object.entries(bodies).map(([type, { example }]) =>
    typeof example === 'string'
      ? fc.oneof(fc.constant(example), hostileText).map((text) => ({ type, bytes: encode(text) }))
      : mutationsOf(example).map((value) => ({ type, bytes: encode(JSON.stringify(value)) })),
  );
  const noise = fc.record({ type: TYPES, bytes: GARBAGE });
  const json = fc.record({ type: fc.constant('application/json'), bytes: GARBAGE });
  return fc.oneof(
    ...shaped.map((arbitrary) => ({ arbitrary, weight: 6 })),
    { arbitrary: noise, weight: 1 },
    { arbitrary: json, weight: 1 },
    { arbitrary: fc.constant(undefined), weight: 1 },
  );
}

/** Generates the example unchanged, or with wrong, missing or extra fields. */
function mutationsOf(example: unknown): fc.Arbitrary<unknown> {
  const paths = pathsIn(example);
  if (paths.length === 0) return hostileValue;
  const replaced = fc.array(fc.tuple(fc.constantFrom(...paths), hostileValue), {
    minLength: 1,
    maxLength: 2,
  });
  const extra = fc.tuple(fc.constantFrom('unknown', '__proto__', 'id', 'account_id', ''), hostileValue);
  return fc.oneof(
    fc.constant(example),
    replaced.map((changes) => changes.reduce((body, [path, value]) => change(body, path, value), example)),
    fc.constantFrom(...paths).map((path) => change(example, path, undefined)),
    extra.map(([name, value]) => change(example, [name], value)),
  );
}

function pathsIn(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...pathsIn(inner).map((rest) => [key, ...rest]),
  ]);
}

function change(body: unknown, [key = '', ...rest]: Path, value: unknown): unknown {
  const copy: object = Array.isArray(body) ? [...(body as unknown[])] : { ...(body as object) };
  const inner = (copy as Record<string, unknown>)[key];
  const changed = rest.length === 0 || typeof inner !== 'object' ? value : change(inner, rest, value);
  // An assignment to `__proto__` would create no field.
  Object.defineProperty(copy, key, { value: changed, enumerable: true, configurable: true, writable: true });
  return copy;
}
