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
  const { what } = LIMITS[resource];
  if (resource === 'build_minutes') {
    return (
      `The quota allows ${limit} ${what} in a calendar month, and ${usage} are used. ` +
      'Deploy again next month, or ask the operator for a higher limit.'
    );
  }
  return (
    `The quota allows ${limit} ${what}: ${usage} in use, ${request} more requested. ` +
    'Delete or pause what is not needed, or ask the operator for a higher limit.'
  );
}
