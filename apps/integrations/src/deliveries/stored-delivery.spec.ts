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
  it('reads what was stored', async () => {
    const body = packed(JSON.stringify(PUSH));
    expect(await readStoredDelivery({ event: 'push', body })).toMatchObject({
      repository: 'acme/app',
      move: { branch: 'main', after: PUSH.after },
    });
  });

  it.each([
    ['a body that is gone', null],
    ['a body that is not compressed', Buffer.from('{}')],
    ['a body that is cut off', packed(JSON.stringify(PUSH)).subarray(0, 40)],
    ['a body that is no JSON', packed('{')],
    ['a push that is malformed', packed(JSON.stringify({ ...PUSH, after: 7 }))],
  ])('throws an error that no other attempt would change, for %s', async (_, body) => {
    await expect(readStoredDelivery({ event: 'push', body })).rejects.toThrow(UnreadableDeliveryError);
  });
});
