import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readStoredDelivery, UnreadableDeliveryError } from './stored-delivery.js';

const PUSH = {
  ref: 'refs/heads/main',
  before: 'a'.repeat(40),
  after: 'b'.repeat(40),
  created: false,
  deleted: false,
  repository: { full_name: 'acme/app' },
};
const packed = (text: string) => gzipSync(text);

describe('readStoredDelivery', () => {
  it('reads a stored push', async () => {
    const body = packed(JSON.stringify(PUSH));
    expect(await readStoredDelivery({ event: 'push', body })).toMatchObject({
      repository: 'acme/app',
      move: { branch: 'main', after: PUSH.after },
    });
  });

  it.each([
    ['a missing body', null],
    ['an uncompressed body', Buffer.from('{}')],
    ['a truncated body', packed(JSON.stringify(PUSH)).subarray(0, 40)],
    ['a body that is not JSON', packed('{')],
    ['a malformed push', packed(JSON.stringify({ ...PUSH, after: 7 }))],
  ])('throws UnreadableDeliveryError for %s', async (_, body) => {
    await expect(readStoredDelivery({ event: 'push', body })).rejects.toThrow(UnreadableDeliveryError);
  });
});
