import { describe, expect, it } from 'vitest';
import { environmentUrl } from './environment-url.js';

describe('environmentUrl', () => {
  it.each([
    ['http', undefined, 'http://main-shop.example.org'],
    ['http', 80, 'http://main-shop.example.org'],
    ['http', 8480, 'http://main-shop.example.org:8480'],
    ['https', 443, 'https://main-shop.example.org'],
    ['https', 80, 'https://main-shop.example.org:80'],
  ] as const)('for %s on port %s returns %s', (publicScheme, publicPort, url) => {
    const config = { publicScheme, ...(publicPort !== undefined && { publicPort }) };
    expect(environmentUrl(config, 'main-shop.example.org')).toBe(url);
  });
});
