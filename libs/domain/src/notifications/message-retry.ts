const LONGEST_RETRY_MS = 4 * 3_600_000;
const LONGEST_PAUSE_MS = 300_000;
/** A receiver that asks for more patience is tried again after a day. */
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/;

/**
 * Returns the milliseconds until a message is sent again: four times as many after each failure, up to four hours.
 *
 * @param failures failed attempts in a row, including this one
 */
export function messageRetryMs(failures: number, firstMs: number): number {
  return Math.min(firstMs * 4 ** (failures - 1), LONGEST_RETRY_MS);
}

/**
 * Returns the milliseconds in which a failing receiver gets no message: doubled after each failure, up to five minutes,
 * so that it soon gets what waits once it works again.
 *
 * @param failures failed attempts in a row, of any message
 */
export function receiverPauseMs(failures: number, firstMs: number): number {
  return Math.min(firstMs * 2 ** (failures - 1), LONGEST_PAUSE_MS);
}

/**
 * Reads the header `Retry-After` (RFC 9110): seconds, or a date.
 *
 * @returns milliseconds from `now`, at most a day; null when there is no such header, or it is neither
 */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const isSeconds = /^\d+$/.test(text);
  if (!isSeconds && !HTTP_DATE.test(text)) return null;
  const ms = isSeconds ? Number(text) * 1_000 : Date.parse(text) - now;
  if (Number.isNaN(ms)) return null;
  return Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}
