import { describe, expect, it } from 'vitest';
import { assertHost, assertMapTarget, mapTarget, routeTarget } from './route-names.js';

const LONGEST_LABEL = 'a'.repeat(63);

describe('assertHost', () => {
  it.each(['localhost', 'main-shop.example.org', `${LONGEST_LABEL}.example.org`, '1.2.3.4'])(
    'accepts %s',
    (host) => {
      expect(() => assertHost(host)).not.toThrow();
    },
  );

  it.each([
    '',
    'Main.example.org',
    'a b',
    'a;shutdown sessions',
    'a\nb',
    'a.example.org:80',
    '-a.example.org',
    'a..b',
    'a.',
    '*.example.org',
    `a${LONGEST_LABEL}.org`,
    `${LONGEST_LABEL}.${LONGEST_LABEL}.${LONGEST_LABEL}.${LONGEST_LABEL}`,
  ])('refuses %j', (host) => {
    expect(() => assertHost(host)).toThrow(RangeError);
  });
});

describe('routeTarget', () => {
  it('joins the service, its port and its relay', () => {
    expect(routeTarget({ service: 'nexos-dep-1', port: 3000, relay: null })).toBe('nexos-dep-1:3000');
    expect(routeTarget({ service: 'nexos-dep-1', port: 3000, relay: 'relay' })).toBe(
      'nexos-dep-1:3000:relay',
    );
  });

  it.each([
    ['db.other', 80],
    ['a b', 80],
    ['', 80],
    ['app', 0],
    ['app', 65_536],
    ['app', 1.5],
    ['app', Number.NaN],
  ])('refuses %j on port %s', (service, port) => {
    expect(() => routeTarget({ service, port, relay: null })).toThrow(RangeError);
  });
});

it.each(['', 'a b', 'db.other', 'a:b'])('a relay cannot be %j', (relay) => {
  const destination = { service: 'app', port: 80, relay };
  expect(() => routeTarget(destination)).toThrow(RangeError);
  expect(() => mapTarget(destination, 1_000)).toThrow(RangeError);
});

describe('mapTarget', () => {
  it('joins the service, its port, the timeout and the relay', () => {
    const direct = { service: 'nexos-dep-1', port: 3000, relay: null };
    expect(mapTarget(direct, 120_000)).toBe('nexos-dep-1:3000:120000');
    expect(mapTarget({ ...direct, relay: 'relay' }, 120_000)).toBe('nexos-dep-1:3000:120000:relay');
  });

  it.each([0, -1, 1.5, 3_600_001, Number.NaN])('refuses a timeout of %s ms', (timeoutMs) => {
    expect(() => mapTarget({ service: 'app', port: 80, relay: null }, timeoutMs)).toThrow(RangeError);
  });
});

describe('assertMapTarget', () => {
  it('accepts a target from mapTarget', () => {
    for (const relay of [null, 'relay']) {
      const target = mapTarget({ service: 'app', port: 65_535, relay }, 3_600_000);
      expect(() => assertMapTarget(target)).not.toThrow();
    }
  });

  it.each([
    ...[
      'app',
      'app:',
      'app:80',
      'app:80:',
      'app:0:1',
      'app:65536:1',
      'app:80:0',
      'app:80:01',
      'app:80:3600001',
    ],
    ...['app:80:1 x', 'app:80:1\n', 'app:80:1:', 'app:80:1:relay:1', 'tasks.app:80:1', ':80:1', 'app:080:1'],
  ])('refuses %j', (target) => {
    expect(() => assertMapTarget(target)).toThrow(RangeError);
  });
});
