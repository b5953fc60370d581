import { ValidateBy } from 'class-validator';

export const NO_TIME = 'must be an ISO 8601 time with a zone, such as 2026-04-10T12:00:00Z';

/** In nanoseconds it still is a number that places in a log can have. */
const LAST = Date.parse('2200-01-01T00:00:00Z');

/** A moment that a line of a log can be from; what only looks like one, such as a leap second, is none. */
export const IsTimeOfLogs = () =>
  ValidateBy({
    name: 'isTimeOfLogs',
    validator: {
      validate: (value: unknown) => timeOf(value) < LAST,
      defaultMessage: (about) =>
        Number.isNaN(timeOf(about?.value)) ? NO_TIME : 'must be a time before the year 2200',
    },
  });

function timeOf(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : NaN;
}
