import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestFingerprint } from './request-fingerprint.js';

const of = (body: unknown, method = 'POST', url = '/api/projects') =>
  requestFingerprint({ method, url, body });
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reversed(child)]),
  );
};

describe('requestFingerprint', () => {
  it('does not depend on the order of fields', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (body) => of(body) === of(reversed(body))));
  });

  it('differs exactly when the bodies differ', () => {
    const pair = fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(pair, ([one, other]) => {
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        return (of(one) === of(other)) === same;
      }),
    );
  });

  it.each([
    ['no body and an empty object', of(undefined), of({})],
    ['a list and an object with its indexes', of(['a']), of({ 0: 'a' })],
    ['an object and a list of its fields', of({ a: 1 }), of({ fields: [['a', 1]] })],
    ['two methods', of({}), of({}, 'PUT')],
    ['two queries', of({}), of({}, 'POST', '/api/projects?x=1')],
    ['text that moves between path and body', of(undefined, 'POST', '/a\n1'), of(1, 'POST', '/a')],
  ])('distinguishes %s', (_, one, other) => {
    expect(one).not.toBe(other);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value)
    .map(([key, child]) => ({ key, child: sorted(child) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  // An empty object must differ from an empty list.
  return { fields };
}
