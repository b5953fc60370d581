import { type LimitName, LIMITS, type Limits } from './limits.js';

/** A request that does not fit into a limit. */
export interface Excess {
  readonly resource: LimitName;
  readonly limit: number;
  /** In use or reserved without the request. */
  readonly usage: number;
  readonly request: number;
}

/** Decimal places of a request: enough for the smallest share of a core, and too few for errors of binary fractions. */
const PLACES = 3;

/**
 * Returns how a change exceeds a limit; null if it fits. Usage that was above the limit before may stay, because a lower limit
 * keeps what runs, but it must not grow.
 */
export function excessOf(resource: LimitName, limits: Limits, before: number, after: number): Excess | null {
  const limit = limits[resource];
  if (after <= limit || after <= before) return null;
  return { resource, limit, usage: before, request: Number((after - before).toFixed(PLACES)) };
}

/** An account asks for more than its limits allow. Users see the message. */
export class QuotaExceededError extends Error {
  constructor(readonly excess: Excess) {
    super(excessMessage(excess));
    this.name = 'QuotaExceededError';
  }
}

/** Says what does not fit, and what to do about it. */
export function excessMessage({ resource, limit, usage, request }: Excess): string {
  const { one, what, advice } = LIMITS[resource];
  const allowed = `The quota allows ${limit} ${limit === 1 ? one : what}`;
  const used =
    resource === 'build_minutes'
      ? ` in a calendar month: ${usage} used.`
      : `: ${usage} in use, ${request} more requested.`;
  return `${allowed}${used} ${advice}, or ask the operator for a higher limit.`;
}
