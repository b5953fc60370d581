import { describe, expect, it } from 'vitest';
import { isNetwork } from './network.js';

describe('isNetwork', () => {
  it.each(['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '0.0.0.0/0', '::ffff:10.0.0.1'])(
    'accepts %s',
    (text) => {
      expect(isNetwork(text)).toBe(true);
    },
  );

  it.each([
    '',
    'proxy',
    '10.0.0',
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '1.2.3.4 ',
    'fe80::1%eth0',
    7,
  ])('rejects %j', (text) => {
    expect(isNetwork(text)).toBe(false);
  });
});
