import { describe, expect, it } from 'vitest';
import {
  APP_EVENTS,
  APP_PERMISSIONS,
  appManifest,
  defaultAppName,
  isReachableByGithub,
  missingGrants,
} from './app-manifest.js';

const ADDRESSES = { api: 'https://api.example.com', homepage: 'https://example.com' };

describe('appManifest', () => {
  it('leads all of GitHub’s requests to this installation', () => {
    expect(appManifest('Nexos', ADDRESSES)).toEqual({
      name: 'Nexos',
      url: 'https://example.com',
      hook_attributes: { url: 'https://api.example.com/api/webhooks/github', active: true },
      redirect_url: 'https://api.example.com/api/github/app-manifest/callback',
      callback_urls: ['https://api.example.com/api/auth/github/callback'],
      setup_url: 'https://api.example.com/api/github/install/callback',
      public: false,
      default_permissions: APP_PERMISSIONS,
      default_events: APP_EVENTS,
    });
  });

  it('has no webhook if GitHub cannot reach it, and then no events', () => {
    const manifest = appManifest('Nexos', { ...ADDRESSES, api: 'http://127.0.0.1:3000' });
    expect(manifest).not.toHaveProperty('hook_attributes');
    expect(manifest.default_events).toEqual([]);
  });
});

it.each([
  ['http://127.0.0.1:3000', false],
  ['http://localhost', false],
  ['http://nexos.localhost:3000', false],
  ['http://[::1]:3000', false],
  ['https://api.example.com', true],
  ['http://10.0.0.7:3000', true],
])('isReachableByGithub knows loopback addresses: %s', (address, expected) => {
  expect(isReachableByGithub(address)).toBe(expected);
});

it('defaultAppName is not longer than GitHub accepts', () => {
  expect(defaultAppName('https://api.example.com')).toBe('Nexos api.example.com');
  expect(defaultAppName(`https://${'a'.repeat(60)}.example.com`)).toHaveLength(34);
});

describe('missingGrants', () => {
  it('finds nothing if everything is granted, or more', () => {
    const permissions = { ...APP_PERMISSIONS, contents: 'write' };
    expect(missingGrants({ permissions, events: ['issues', ...APP_EVENTS] })).toEqual({
      permissions: [],
      events: [],
    });
  });

  it('names permissions that are missing or too weak, and missing events', () => {
    const permissions = { ...APP_PERMISSIONS, checks: 'read', deployments: undefined };
    expect(missingGrants({ permissions, events: APP_EVENTS.filter((event) => event !== 'push') })).toEqual({
      permissions: [
        { name: 'checks', needed: 'write', granted: 'read' },
        { name: 'deployments', needed: 'write', granted: null },
      ],
      events: ['push'],
    });
  });
});
