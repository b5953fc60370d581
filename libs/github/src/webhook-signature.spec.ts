import { createHmac } from 'node:crypto';
import examples, { type WebhookDefinition } from '@octokit/webhooks-examples';
import { describe, expect, it } from 'vitest';
import { verifyWebhookSignature } from './webhook-signature.js';

// The package is a JSON file; only its types have a default export.
const definitions = examples as unknown as WebhookDefinition[];
const SECRET = "It's a Secret to Everybody";

function sign(body: Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

describe('verifyWebhookSignature', () => {
  it("accepts the example of GitHub's documentation", () => {
    const header = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    expect(verifyWebhookSignature(Buffer.from('Hello, World!'), header, [SECRET])).toBe(true);
  });

  it('accepts every documented payload when signed, and rejects it after one byte changes', () => {
    for (const { examples: payloads } of definitions) {
      const body = Buffer.from(JSON.stringify(payloads[0] ?? {}));
      const header = sign(body, SECRET);
      expect(verifyWebhookSignature(body, header, [SECRET])).toBe(true);
      body[0] = (body[0] ?? 0) ^ 1;
      expect(verifyWebhookSignature(body, header, [SECRET])).toBe(false);
    }
  });

  it('accepts each configured secret during a rotation', () => {
    const body = Buffer.from('{}');
    for (const secret of ['old secret', 'new secret']) {
      expect(verifyWebhookSignature(body, sign(body, secret), ['old secret', 'new secret'])).toBe(true);
    }
    expect(verifyWebhookSignature(body, sign(body, 'another'), ['old secret', 'new secret'])).toBe(false);
  });

  it('rejects every signature when the secret is missing or empty', () => {
    const body = Buffer.from('{}');
    expect(verifyWebhookSignature(body, sign(body, ''), [])).toBe(false);
    expect(verifyWebhookSignature(body, sign(body, ''), [''])).toBe(false);
  });

  it.each([
    undefined,
    '',
    'sha256=',
    'sha1=757107ea0eb2509fc211221cce984b8a37570b6d',
    `sha256=${'g'.repeat(64)}`,
    `sha256=${'0'.repeat(63)}`,
    `sha256=${'0'.repeat(66)}`,
    `sha256=${'0'.repeat(64)}\n`,
    '0'.repeat(64),
  ])('rejects the malformed header %j', (header) => {
    expect(verifyWebhookSignature(Buffer.from('{}'), header, [SECRET])).toBe(false);
  });
});
