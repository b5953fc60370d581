import { NOTIFICATION_TYPES } from './notification-type.js';

export const MAX_WEBHOOKS = 20;
export const MAX_WEBHOOK_URL = 2_048;

/** The prefix of secrets in the Standard Webhooks specification, which also gives the lengths in bytes. */
export const WEBHOOK_SECRET_PREFIX = 'whsec_';
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/*
 * Each rule returns why a value is invalid, as the end of a sentence that begins with its field; null if it is valid.
 * None quotes the value: it may be a secret.
 */

/** Checks the length first, so that a long list costs nothing. */
export function notificationTypesProblem(value: unknown): string | null {
  const rule = `must name one or more of ${NOTIFICATION_TYPES.join(', ')}, each once`;
  if (!Array.isArray(value) || value.length === 0 || value.length > NOTIFICATION_TYPES.length) return rule;
  const areKnown = value.every((one) => NOTIFICATION_TYPES.some((type) => type === one));
  return areKnown && new Set(value).size === value.length ? null : rule;
}

export function webhookUrlProblem(value: unknown): string | null {
  const rule = `must be an http or https address of at most ${MAX_WEBHOOK_URL} characters`;
  if (
    typeof value !== 'string' ||
    value.length > MAX_WEBHOOK_URL ||
    !/^https?:\/\/[^\s\p{Cc}\p{Cs}]+$/iu.test(value)
  ) {
    return rule;
  }
  if (!URL.canParse(value)) return rule;
  const { username, password, hash } = new URL(value);
  if (username !== '' || password !== '') return 'must not contain a user name or a password';
  return hash === '' ? null : 'must not contain a fragment';
}

export function webhookSecretProblem(value: unknown): string | null {
  const rule = `must be ${WEBHOOK_SECRET_PREFIX} followed by ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes in base64`;
  if (typeof value !== 'string' || !value.startsWith(WEBHOOK_SECRET_PREFIX)) return rule;
  const text = value.slice(WEBHOOK_SECRET_PREFIX.length);
  const bytes = (text.replace(/=+$/, '').length * 3) / 4;
  return BASE64.test(text) && bytes >= MIN_SECRET_BYTES && Math.floor(bytes) <= MAX_SECRET_BYTES
    ? null
    : rule;
}
