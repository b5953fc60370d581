import { Conforms } from '../../http/conforms.decorator.js';

/** Accepts a day of the calendar as `YYYY-MM-DD`. */
export function IsDay(): PropertyDecorator {
  return Conforms((value) => (isDay(value) ? null : 'must be a day of the form YYYY-MM-DD'));
}

/** Returns whether a value is a day of the calendar. */
export function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  // A day that does not exist, such as 30 February, is either no date or another day.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value) && value >= '0001';
}
