import { describe, expect, it } from 'vitest';
import { notificationTypesProblem, webhookSecretProblem, webhookUrlProblem } from './webhook-rules.js';

describe('notificationTypesProblem', () => {
  it('accepts different types', () => {
    expect(notificationTypesProblem(['deployment.live', 'environment.crashed'])).toBeNull();
  });

  it.each([
    [[]],
    [['deployment.live', 'deployment.live']],
    [['deployment.replaced']],
    ['deployment.live'],
    [null],
  ])('rejects %j', (types) => {
    expect(notificationTypesProblem(types)).not.toBeNull();
  });

  it('rejects a long list at once', () => {
    const long = Array.from({ length: 1_000_000 }, (_, at) => at);
    expect(notificationTypesProblem(long)).not.toBeNull();
  });
});

describe('webhookUrlProblem', () => {
  it.each(['https://example.com/hook?x=1', 'http://example.com:8080', 'HTTPS://EXAMPLE.COM/'])(
    'accepts %s',
    (url) => {
      expect(webhookUrlProblem(url)).toBeNull();
    },
  );

  it.each([
    'ftp://example.com',
    'file:///etc/passwd',
    'example.com',
    'https://',
    'https://user:password@example.com',
    'https://user@example.com',
    'https://example.com/#part',
    'https://exa mple.com',
    'https://example.com/\n',
    `https://example.com/${'x'.repeat(2_048)}`,
    'https://[::1',
    7,
    null,
  ])('rejects %j', (url) => {
    expect(webhookUrlProblem(url)).not.toBeNull();
  });
});

describe('webhookSecretProblem', () => {
  const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

  it.each([24, 25, 26, 32, 63, 64])('accepts %i bytes', (bytes) => {
    expect(webhookSecretProblem(secretOf(bytes))).toBeNull();
  });

  it.each([
    secretOf(23),
    secretOf(65),
    'whsec_',
    'whsec_not base64 at all, but long enough for it',
    Buffer.alloc(32).toString('base64'),
    ['whsec_'],
  ])('rejects %j', (secret) => {
    expect(webhookSecretProblem(secret)).not.toBeNull();
  });
});
