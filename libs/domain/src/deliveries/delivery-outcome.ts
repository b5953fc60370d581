/**
 * The result of a webhook delivery for one project. `accepted` is the only one that is not final. A delivery whose
 * projects differ has all of their outcomes, joined by commas.
 */
export const DELIVERY_OUTCOMES = [
  'accepted',
  'deployed',
  'destroyed',
  'ignored',
  'in-doubt',
  'failed',
] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];

/** Why a delivery did not change an environment. */
export const DELIVERY_REASONS = [
  'older',
  'same_commit',
  'order_unknown',
  'auto_deploy_off',
  'branch_filter',
  'no_environment',
  'no_project',
  'tag',
  'event',
  'error',
] as const;
export type DeliveryReason = (typeof DELIVERY_REASONS)[number];

/** What became of a delivery in one project. */
export interface DeliveryResult {
  readonly outcome: Exclude<DeliveryOutcome, 'accepted'>;
  /** Null when an environment was changed. */
  readonly reason: DeliveryReason | null;
  /** The deployment that it queued. */
  readonly deploymentId: string | null;
}

/** The ids that Git hosts give deliveries, as a regular expression or a JSON Schema has it. */
export const DELIVERY_ID_PATTERN = '^[A-Za-z0-9-]{1,64}$';

const LONGEST_RETRY_MS = 60_000;

/**
 * Returns the milliseconds to wait before the next attempt, after so many that failed: it doubles each time, up to a
 * minute, since all deliveries of the repository wait meanwhile.
 */
export function deliveryRetryMs(failedAttempts: number, firstMs: number): number {
  return Math.min(firstMs * 2 ** (failedAttempts - 1), LONGEST_RETRY_MS);
}

/** Joins what several projects say about one delivery: each word once, in alphabetical order. */
export function joinWords(words: readonly (string | null)[]): string | null {
  const distinct = [...new Set(words.filter((word) => word !== null))].sort();
  return distinct.length === 0 ? null : distinct.join(',');
}
