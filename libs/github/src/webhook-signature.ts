import { createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = /^sha256=([0-9a-f]{64})$/i;

/**
 * Whether `header` (`X-Hub-Signature-256`) is the HMAC-SHA256 of the body under one of the secrets. All secrets
 * are tried, each in constant time, so that a secret can be replaced without losing deliveries.
 *
 * @param rawBody the bytes as they were received: a body that was parsed and written again signs differently
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
    // An empty key would let anybody sign.
    if (secret === '') continue;
    const expected = createHmac('sha256', secret).update(rawBody).digest();
    verified = timingSafeEqual(given, expected) || verified;
  }
  return verified;
}
