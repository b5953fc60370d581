import { PAUSE_REASONS } from '../projects/pause-reason.js';

/**
 * The outcomes of a webhook delivery for one project; all but `accepted` are final. A delivery with different outcomes
 * for several projects has all of them, joined by commas.
 */
export const DELIVERY_OUTCOMES = [
  'accepted',
  'deployed',
  'destroyed',
  'ignored',
  'skipped',
  'renamed',
  'updated',
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
  'skip_mark',
  'watch_paths',
  'fork',
  'base_branch',
  'no_pull_request',
  'draft',
  'no_label',
  'pull_request',
  'deploys_pushes',
  'deploys_already',
  'other_pull_request',
  'no_environment',
  'not_approved',
  'approval',
  'approval_withdrawn',
  'no_fork',
  'own_webhook',
  'other_app',
  'unknown_check',
  'requested_action',
  ...PAUSE_REASONS,
  'access_unconfirmed',
  'no_project',
  'other_repository',
  'tag',
  'branch_created',
  'ping',
  'event',
  'error',
] as const;
export type DeliveryReason = (typeof DELIVERY_REASONS)[number];

/** The result of a delivery for one project. */
export interface DeliveryResult {
  readonly outcome: Exclude<DeliveryOutcome, 'accepted'>;
  /** Null when the delivery changed an environment. */
  readonly reason: DeliveryReason | null;
  /** The deployment that the delivery queued. */
  readonly deploymentId: string | null;
}

/** The pattern of delivery ids, for a regular expression or a JSON Schema. */
export const DELIVERY_ID_PATTERN = '^[A-Za-z0-9-]{1,64}$';

const LONGEST_RETRY_MS = 60_000;

/**
 * Returns the milliseconds to wait before the next attempt: doubled after each failed one, up to a minute, because all
 * deliveries of the repository wait meanwhile.
 */
export function deliveryRetryMs(failedAttempts: number, firstMs: number): number {
  return Math.min(firstMs * 2 ** (failedAttempts - 1), LONGEST_RETRY_MS);
}

/** Joins the words of several projects about one delivery: each once, in alphabetical order. */
export function joinDistinct(words: readonly (string | null)[]): string | null {
  const distinct = [...new Set(words.filter((word) => word !== null))].sort();
  return distinct.length === 0 ? null : distinct.join(',');
}
