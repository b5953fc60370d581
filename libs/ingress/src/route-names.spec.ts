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
  it('joins the service and its port', () => {
    expect(routeTarget('nexos-dep-1', 3000)).toBe('nexos-dep-1:3000');
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
    expect(() => routeTarget(service, port)).toThrow(RangeError);
  });
});

describe('mapTarget', () => {
  it('joins the service, its port and the timeout', () => {
    expect(mapTarget('nexos-dep-1', 3000, 120_000)).toBe('nexos-dep-1:3000:120000');
  });

  it.each([0, -1, 1.5, 3_600_001, Number.NaN])('refuses a timeout of %s ms', (timeoutMs) => {
    expect(() => mapTarget('app', 80, timeoutMs)).toThrow(RangeError);
  });
});

describe('assertMapTarget', () => {
  it('accepts a target from mapTarget', () => {
    expect(() => assertMapTarget(mapTarget('app', 65_535, 3_600_000))).not.toThrow();
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
    ...['app:80:1 x', 'app:80:1\n', 'app:80:1:1', 'tasks.app:80:1', ':80:1', 'app:080:1'],
  ])('refuses %j', (target) => {
    expect(() => assertMapTarget(target)).toThrow(RangeError);
  });
});
