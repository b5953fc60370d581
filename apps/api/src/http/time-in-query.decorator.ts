import { ValidateBy } from 'class-validator';

export const TIME_RULE = 'must be an ISO 8601 time with a time zone, such as 2026-04-10T12:00:00Z';

/** Times before this fit into the nanoseconds of a log cursor. */
const MAX_TIME = Date.parse('2200-01-01T00:00:00Z');

/** Accepts times that a log line can have; rejects those that only look valid, such as leap seconds. */
export const IsTimeOfLogs = () =>
  ValidateBy({
    name: 'isTimeOfLogs',
    validator: {
      validate: (value: unknown) => timeOf(value) < MAX_TIME,
      defaultMessage: (about) =>
        Number.isNaN(timeOf(about?.value)) ? TIME_RULE : 'must be a time before the year 2200',
    },
  });

function timeOf(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : NaN;
}
