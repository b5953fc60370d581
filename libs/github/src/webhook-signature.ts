import { createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = /^sha256=([0-9a-f]{64})$/i;

/**
 * Returns whether `header` (`X-Hub-Signature-256`) is the HMAC-SHA256 of the body under one of the secrets. Tries all
 * secrets, each in constant time, so that rotating a secret loses no deliveries.
 *
 * @param rawBody the bytes as received: parsing and serializing the body again would change its signature
 * @see https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function verifyWebhookSignature(
  rawBody: Buffer,
  header: string | undefined,
  secrets: readonly string[],
): boolean {
  const hex = HEADER.exec(header ?? '')?.[1];
  if (hex === undefined) return false;
  const given = Buffer.from(hex, 'hex');
  let verified = false;
  for (const secret of secrets) {
    // Anybody could sign with an empty key.
    if (secret === '') continue;
    const expected = createHmac('sha256', secret).update(rawBody).digest();
    verified = timingSafeEqual(given, expected) || verified;
  }
  return verified;
}
