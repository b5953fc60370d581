import { describe, expect, it } from 'vitest';
import { assertHost, assertTarget, routeTarget } from './route-names.js';

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

describe('assertTarget', () => {
  it('accepts a target from routeTarget', () => {
    expect(() => assertTarget(routeTarget('app', 65_535))).not.toThrow();
  });

  it.each(['app', 'app:', 'app:0', 'app:65536', 'app:80 x', 'app:80\n', 'tasks.app:80', ':80', 'app:080'])(
    'refuses %j',
    (target) => {
      expect(() => assertTarget(target)).toThrow(RangeError);
    },
  );
});
